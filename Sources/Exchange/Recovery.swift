internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Policy
internal import Synchronization
internal import Transport
internal import Vocabulary

// What a restart does on the sending side: the first table of `durability.md`. The ledger decides, folders follow.

extension Sending {
    /// Goes through work/ and the ledger's open rows, and finishes or resumes each.
    func recover() async throws {
        var open = try await openRecords()
        for partner in office.partners.all {
            for route in office.law.routes {
                let folder = try office.layout.work(partner.id, route.name)
                try await returnLoneSideCars(from: folder, partner.id, route.name)
                for name in try await Blocking.run({ try folder.entries() }) where !DropName.isSidecar(name) {
                    guard let text = name.text else { continue }
                    let record = try await record(of: name, text, in: folder, partner.id, &open)
                    await recover(text, in: folder, partner: partner, route: route.name, record)
                }
            }
        }
        try await recoverRevoked(&open)
        lostAndFound.withLock { $0 = Array(open.values) }
        await lookForMissing()
    }

    /// Open rows without a file are asked about until their partner has answered.
    func lookForMissing() async {
        var left: [ConsignmentRecord] = []
        for record in lostAndFound.withLock({ $0 }) where await !missing(record) {
            left.append(record)
            office.standing.alarm(
                "missing/\(record.key.id)",
                "The file of consignment \(record.key.id) is not in work/, and \(record.key.partner) has not said yet "
                    + "whether it has it.")
        }
        lostAndFound.withLock { $0 = left }
    }

    /// A side-car that was claimed just before the crash, without its file, goes back beside it.
    private func returnLoneSideCars(from work: Folder, _ partner: AgencyID, _ route: RouteName) async throws {
        let outbox = try office.layout.outbox(partner, route)
        try await Blocking.run {
            for name in try work.entries() {
                guard let file = DropName.file(ofSidecar: name), try work.lookup(file) == nil else { continue }
                try? work.rename(name, to: outbox, as: name, .noReplace)
            }
        }
    }

    private func openRecords() async throws -> [ConsignmentKey: ConsignmentRecord] {
        var filter = LedgerFilter()
        filter.direction = .sent
        filter.states = [.claimed, .signed, .dispatching]
        var records: [ConsignmentKey: ConsignmentRecord] = [:]
        var last: ConsignmentKey?
        while true {
            let page = try await office.ledger.list(filter, after: last, limit: 500)
            for record in page { records[record.key] = record }
            guard page.count == 500, let end = page.last else { return records }
            last = end.key
        }
    }

    /// The row that a file in work/ belongs to: same partner, same name, same inode, size and time. An open one is
    /// looked for first; then the ended ones of that name.
    private func record(
        of name: FileName, _ text: String, in folder: Folder, _ partner: AgencyID,
        _ open: inout [ConsignmentKey: ConsignmentRecord]
    ) async throws -> ConsignmentRecord? {
        guard let mark = try folder.lookup(name)?.mark else { return nil }
        let isIt = { (record: ConsignmentRecord) in
            record.key.partner == partner && record.name == text && record.inode == mark
        }
        if let found = open.values.first(where: isIt) {
            open[found.key] = nil
            return found
        }
        var filter = LedgerFilter()
        filter.direction = .sent
        filter.partner = partner
        filter.name = Glob.exactly(text)
        return try await office.ledger.list(filter, after: nil, limit: 50).first(where: isIt)
    }

    private func recover(
        _ name: String, in folder: Folder, partner: Partner, route: RouteName, _ record: ConsignmentRecord?
    ) async {
        do {
            let claimed = try ClaimedFile.resume(
                name, in: folder, partner: partner.id, route: route, id: record?.key.id,
                at: record?.claimedAt ?? office.now())
            await outbox?.alreadyInWork(claimed)
            try await goOn(claimed, partner, record)
        } catch {
            office.log.error(
                "not resumed", metadata: ["consignment": "\(record?.key.id.text ?? "-")", "why": "\(error)"])
            office.standing.alarm(
                "recovery", "A file in work/ could not be resumed: \(error). Restart when it is mended.")
        }
    }

    private func goOn(_ claimed: ClaimedFile, _ partner: Partner, _ record: ConsignmentRecord?) async throws {
        guard let record else { return await prepared.put(claimed) }
        office.log.info("resumed", metadata: ["consignment": "\(record.key.id)", "state": "\(record.state.rawValue)"])
        switch record.state {
        case .claimed, .signed, .dispatching: try await sendAgain(claimed, partner, record)
        default:
            // The road may still hold what the crash kept us from clearing away.
            if [.delivered, .refused, .recalled].contains(record.state) {
                try await dispatcher(for: partner.id).settled(record.key.id)
            }
            await tray?.soon(try await ending(of: record, claimed, partner))
        }
    }

    /// The same waybill again, from wherever the partner is.
    private func sendAgain(_ claimed: ClaimedFile, _ partner: Partner, _ record: ConsignmentRecord) async throws {
        guard let signed = try await office.ledger.statement(.signed, of: record.key) else {
            return await prepared.put(claimed)
        }
        let weighed = try await Weigher.weigh(claimed)
        let waybill = try SignedWaybill.resume(weighed, signed: signed, identity: office.ourIdentity)
        try await dispatcher(for: partner.id).enqueue(waybill, mayBeThere: true)
    }

    /// The move and the notes that an ended row asks for.
    private func ending(
        of record: ConsignmentRecord, _ claimed: ClaimedFile, _ partner: Partner
    ) async throws -> SentTray.Move {
        switch record.state {
        case .delivered:
            let signed = try await office.ledger.statement(.delivered, of: record.key) ?? []
            let receipt = try Receipt(parsing: StatementVerifier.uncheckedContent(of: signed))
            return Endings.delivered(claimed, receipt, signed, partner: partner.card.name)
        case .refused:
            let signed = try await office.ledger.statement(.refused, of: record.key) ?? []
            let refusal = try Refusal(parsing: StatementVerifier.uncheckedContent(of: signed))
            return Endings.refused(claimed, refusal, signed)
        case .withdrawn: return Endings.changed(claimed)
        case .recalled:
            let left = try await office.ledger.statement(.recalled, of: record.key) != nil
            return Endings.recalled(claimed, because: record.why ?? "", left: left)
        default: return Holding.move(claimed, record)
        }
    }

    /// An open row without its file. The partner may hold it and we lack only the receipt; if not, it is lost, and that
    /// is said aloud.
    /// - Returns: whether the row has ended now.
    private func missing(_ record: ConsignmentRecord) async -> Bool {
        // A partner who was removed may come back, and its files with it.
        guard let partner = office.partners[record.key.partner] else { return false }
        guard await office.barrier.outward(partner.id) == nil else { return false }
        office.log.error("the file of an open consignment is missing", metadata: ["consignment": "\(record.key.id)"])
        do {
            let courier = try courier(for: partner)
            let answer = await courier.enquire(record.key.id)
            await courier.shutdown()
            switch answer {
            case .receipt(let receipt): try await adopt(receipt, record, partner)
            case .unknown, .resume, .refusal: await lost(record)
            case .onTheRoad, .tryLater: return false
            }
            office.standing.alarm("missing/\(record.key.id)", nil)
            return true
        } catch {
            office.log.error("not resolved", metadata: ["consignment": "\(record.key.id)", "why": "\(error)"])
            return false
        }
    }

    func adopt(_ receipt: [UInt8], _ record: ConsignmentRecord, _ partner: Partner) async throws {
        let verified = try ReceiptDesk.verifyOrphan(receipt, from: partner)
        guard verified.waybill == record.waybill, verified.sha256 == record.sha256 else { return await lost(record) }
        var record = record
        if record.state != .recalled { record.state = .delivered }
        record.deliveredAt = verified.receivedAt
        record.receiptSHA256 = SHA256.digest(receipt)
        let detail = EventDetail(["receipt": .string(SHA256.digest(receipt).hex)], statement: receipt)
        try await office.ledger.append([
            Records.event(.delivered, record, detail, at: office.now(), carriesRecord: true)
        ])
    }

    private func lost(_ record: ConsignmentRecord) async {
        var record = record
        record.state = .lost
        record.why = "The file vanished from work/ before the partner signed for it."
        let detail = EventDetail(["why": .string(record.why ?? "")])
        _ = try? await office.ledger.append([
            Records.event(.lost, record, detail, at: office.now(), carriesRecord: true)
        ])
        office.standing.alarm(
            "lost/\(record.key.id)",
            "Consignment \(record.key.id) is lost: drop its file again. waybill ledger show \(record.key.id)")
    }
}

/// SQLite GLOB patterns that match one text only.
enum Glob {
    static func exactly(_ text: String) -> String {
        text.reduce(into: "") { pattern, character in
            pattern += "*?[".contains(character) ? "[\(character)]" : String(character)
        }
    }
}
