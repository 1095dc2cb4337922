internal import Envelope
internal import Folders
internal import Ledger
internal import Policy
internal import Vocabulary

// What is written about a file that is published: its side-car, its row, its event.

extension Inbox {
    /// `.waybills/ID.json`: what the recipient should know about the file, beside it and in one place.
    static func sideCar(_ opened: OpenedWaybill, _ warnings: [Finding], at now: Instant) -> [UInt8] {
        let waybill = opened.waybill
        var members: [String: JSON] = [
            "consignment": .string(waybill.id.text), "from": .string(waybill.parties.from.text),
            "label": waybill.label.json, "mediaType": .string(waybill.file.mediaType),
            "name": .string(waybill.file.name), "receivedAt": .string(now.description),
            "sha256": .string(waybill.file.sha256.hex), "signedAt": .string(waybill.signedAt.description),
            "size": .integer(waybill.file.size), "submittedBy": .string(waybill.submittedBy),
            "warnings": .array(warnings.map(\.json)),
        ]
        members["modified"] = waybill.file.modified.map { .string($0.description) }
        members["supersedes"] = waybill.supersedes.map { .string($0.text) }
        return JSON.object(members).encoded + [0x0a]
    }

    static func record(_ opened: OpenedWaybill, _ staged: StagedFile, at now: Instant) -> ConsignmentRecord {
        let waybill = opened.waybill
        var record = ConsignmentRecord(
            key: ConsignmentKey(.received, waybill.parties.from, waybill.id), state: .publishing,
            route: waybill.label.route, name: waybill.file.name, size: waybill.file.size,
            sha256: waybill.file.sha256, waybill: opened.digest, claimedAt: now, sentAt: waybill.signedAt,
            inode: staged.facts.mark)
        record.apply(waybill.label)
        record.supersedes = waybill.supersedes
        return record
    }

    /// It is about to stand in the inbox under the name of its row.
    static func event(of record: ConsignmentRecord, _ opened: OpenedWaybill, at now: Instant) -> NewEvent {
        let detail = EventDetail(
            [
                "inode": .string(record.inode ?? ""), "name": .string(record.place ?? ""),
                "sha256": .string(opened.waybill.file.sha256.hex), "size": .integer(opened.waybill.file.size),
                "waybill": .string(opened.digest.hex),
            ], statement: opened.signed)
        return Records.event(.publishing, record, detail, at: now, carriesRecord: true)
    }
}

extension Inbox {
    /// In order, so that names are given in that of the batch.
    func inOneJob<Item: Sendable, Made: Sendable>(
        _ all: [Item], _ body: @Sendable @escaping (Item, inout TakenNames.Given) throws -> Made
    ) async -> [Result<Made, any Error>] {
        do {
            return try await Blocking.run {
                var given = TakenNames.Given()
                return all.map { item in Result { try body(item, &given) } }
            }
        } catch {
            return all.map { _ in .failure(error) }
        }
    }
}
