internal import Envelope
internal import Exchange
internal import Folders
package import Ledger
internal import Settings
internal import Statements
package import Vocabulary

/// A signed consignment of ours, sealed into one file: the bytes that would go by HTTPS.
package struct SealedFile {
    private let waybill: Waybill
    private let signed: [UInt8]
    private let sealer: Sealer
    private let place: String
    private let mark: String?

    /// - Parameter signed: the waybill as our ledger keeps it.
    package init(_ premises: InstalledAgency, _ record: ConsignmentRecord, signed: [UInt8], at now: Instant) throws {
        let partner = try PartnerFacts(premises, at: now).require(record.key.partner)
        guard let recipient = partner.usable(.sealing, at: now).first else {
            throw Trouble(
                "\(partner.id) has no sealing certificate that is valid now.", why: "Its card lists none.",
                fix: "Ask them for their newest card.")
        }
        waybill = try Waybill(kept: StatementVerifier.uncheckedContent(of: signed))
        sealer = try Sealer(recipient: recipient)
        place = "\(premises.folders.work)/\(record.key.partner)/\(record.route)/\(record.place ?? "")"
        self.signed = signed
        mark = record.inode
    }

    /// Writes under another name, syncs, renames. Throws `Trouble`.
    package func write(to path: String, progress: (Int64, Int64) -> Void) async throws {
        let source = try open()
        let (folder, file) = InstalledAgency.split(path)
        guard let name = FileName(file) else { throw FileTrouble("use a path", errno: 22) }
        do {
            let target = try Folder(folder)
            let temporary = FileName.temporary()
            do {
                let output = try FileHandle(temporary, in: target, .create(mode: 0o644))
                try fill(output, from: source, progress)
                try output.syncAll()
                try target.rename(temporary, to: target, as: name, .noReplace)
            } catch {
                try? target.remove(temporary)
                throw error
            }
            try target.sync()
        } catch let trouble as FileTrouble {
            throw Trouble(
                "The consignment was not written.", why: "\(path): \(trouble)",
                fix: "Name a new file on a mounted, writable disk.")
        }
    }

    /// The claimed file, if it is still the one that was weighed and signed for.
    private func open() throws -> FileHandle {
        let (folder, file) = InstalledAgency.split(place)
        do {
            guard let name = FileName(file) else { throw FileTrouble("open a file", errno: 22) }
            let source = try FileHandle(name, in: Folder(folder), .read)
            guard try source.facts().isMarked(mark) else {
                throw Malformed("file", "has changed since it was signed for")
            }
            return source
        } catch {
            throw Trouble(
                "The file in work/ cannot be used.", why: "\(error)",
                fix: "Run it as the daemon's user; see waybill ledger show \(waybill.id)")
        }
    }

    private func fill(
        _ output: borrowing FileHandle, from source: borrowing FileHandle, _ progress: (Int64, Int64) -> Void
    ) throws {
        var end = try append(sealer.sealWaybill(signed), to: output, at: 0)
        for index in stride(from: 1, through: waybill.partCount, by: 1) {
            let offset = Int64(index - 1) * Int64(waybill.partSize.bytes)
            let length = waybill.partSize.length(of: index, size: waybill.file.size)
            let message = try sealer.sealPart(bind: waybill.bind, index: index, length: length) { buffer in
                guard try source.read(into: &buffer, at: offset) == length else {
                    throw Malformed("file", "has changed since it was signed for")
                }
            }
            end = try append(message, to: output, at: end)
            progress(offset + Int64(length), waybill.file.size)
        }
    }

    private func append(_ message: [UInt8], to output: borrowing FileHandle, at end: Int64) throws -> Int64 {
        try output.write(message, at: end)
        return end + Int64(message.count)
    }
}
