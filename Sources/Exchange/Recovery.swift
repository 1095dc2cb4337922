internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Synchronization
internal import Transport
internal import Vocabulary

// What becomes of files that have a row already, and of rows that have no file.

extension Sending {
    /// Goes on from where the ledger says that a file is.
    func resume(_ claimed: ClaimedFile, _ record: ConsignmentRecord) async throws {
        office.log.info("resumed", metadata: ["consignment": "\(record.key.id)", "state": "\(record.state.rawValue)"])
        switch record.state {
        case .claimed, .signed, .dispatching: try await sendAgain(claimed, record)
        default:
            // The road may still hold what the crash kept us from clearing away.
            if [.delivered, .refused, .recalled].contains(record.state) {
                try? await dispatcher(for: record.key.partner).settled(record.key.id)
            }
            await tray.soon(try await ending(of: record, claimed))
        }
    }

    /// The same waybill again, from wherever the partner is.
    private func sendAgain(_ claimed: ClaimedFile, _ record: ConsignmentRecord) async throws {
        guard let signed = try await office.ledger.statement(.signed, of: record.key) else {
            throw LedgerTrouble.refused("the signed waybill of \(record.key.id) is not in the ledger")
        }
        let waybill: SignedWaybill
        do {
            let weighed = try await Weigher.weigh(claimed, weighings)
            waybill = try SignedWaybill.resume(weighed, signed: signed, identity: office.ourIdentity)
        } catch  where error is ChangedFile || error is UnkeptFile {
            return try await damaged(claimed, record, signed)
        }
        if let revocation = office.partners.revocation(of: waybill.partner) {
            return try await Holding(office: office, tray: tray).halt(waybill, revocation.finding)
        }
        await goOn(with: waybill)
    }

    /// What lies in work/ is not what was signed. The partner may have had it before that: its receipt ends it. Else it is
    /// held, and never sent as something new.
    private func damaged(_ claimed: ClaimedFile, _ record: ConsignmentRecord, _ signed: [UInt8]) async throws {
        let answer: EnquiryAnswer
        if let partner = office.partners[record.key.partner] {
            if let why = await office.barrier.outward(partner.id) { throw why }
            answer = try await dispatcher(for: partner.id).courier.enquire(record.key.id)
            if case .receipt(let receipt) = answer, try await adopt(receipt, record, partner) {
                return await tray.soon(try await ending(of: record, claimed, isDamaged: true))
            }
        } else {
            answer = .unknown
        }
        if case .tryLater(let why) = answer { throw why }
        let waybill = try Waybill(kept: StatementVerifier.uncheckedContent(of: signed))
        try await Withdrawing(office: office).commit(
            record, record.waybill ?? SHA256.digest(waybill.encoded), waybill.parties, .changed)
        office.log.error("what was signed has changed in work/", metadata: ["consignment": "\(record.key.id)"])
        await tray.soon(Endings.changed(claimed, office))
    }

    /// The move and the notes that an ended row asks for.
    func ending(
        of record: ConsignmentRecord, _ claimed: ClaimedFile, isDamaged: Bool = false
    ) async throws -> SentTray.Move {
        let record = try await office.ledger.record(record.key) ?? record
        switch record.state {
        case .delivered:
            let signed = try await office.ledger.statement(.delivered, of: record.key) ?? []
            let receipt = try Receipt(kept: StatementVerifier.uncheckedContent(of: signed))
            let name = office.partners[record.key.partner]?.card.name ?? record.key.partner.text
            return Endings.delivered(claimed, receipt, signed, partner: name, isDamaged: isDamaged)
        case .refused:
            let signed = try await office.ledger.statement(.refused, of: record.key) ?? []
            let refusal = try Refusal(kept: StatementVerifier.uncheckedContent(of: signed))
            return Endings.refused(claimed, refusal, signed, office)
        case .withdrawn: return Endings.changed(claimed, office)
        case .recalled:
            let left = try await office.ledger.statement(.recalled, of: record.key) != nil
            return Endings.recalled(claimed, because: record.why ?? "", left: left)
        default: return Holding.move(claimed, record, office)
        }
    }

    // MARK: - Rows without a file

    /// Open rows without a file are asked about until their partner has answered.
    /// - Parameter open: of partners whose every place has just been looked into.
    func lookForMissing(_ open: [ConsignmentRecord]) async {
        for row in open where !register.isUnderWay(row.key.id) {
            // It may have ended since the rows were read.
            guard let record = try? await office.ledger.record(row.key), ConsignmentState.open.contains(record.state),
                !register.isUnderWay(row.key.id)
            else { continue }
            // Or somebody has put its file back meanwhile.
            let isResolved = await missing(record) || register.isUnderWay(row.key.id)
            office.standing.alarm(
                "missing/\(record.key.id)",
                isResolved
                    ? nil
                    : "The file of consignment \(record.key.id) is not in work/, and \(record.key.partner) has not said "
                        + "yet whether it has it.")
        }
    }

    /// The partner may hold it and we lack only the receipt; if not, it is lost, and that is said aloud.
    /// - Returns: whether the row has ended now.
    private func missing(_ record: ConsignmentRecord) async -> Bool {
        // A partner who was removed may come back, and its files with it.
        guard let partner = office.partners[record.key.partner] else { return false }
        guard await office.barrier.outward(partner.id) == nil else { return false }
        office.log.error("the file of an open consignment is missing", metadata: ["consignment": "\(record.key.id)"])
        do {
            switch try await dispatcher(for: partner.id).courier.enquire(record.key.id) {
            case .receipt(let receipt): if try await !adopt(receipt, record, partner) { await lost(record) }
            case .unknown, .resume, .refusal: await lost(record)
            case .onTheRoad, .tryLater: return false
            }
            return true
        } catch {
            office.log.error("not resolved", metadata: ["consignment": "\(record.key.id)", "why": "\(error)"])
            return false
        }
    }

    /// Takes over a receipt that we had not got.
    /// - Returns: false if it is of something else than was signed.
    @discardableResult
    func adopt(_ receipt: [UInt8], _ record: ConsignmentRecord, _ partner: Partner) async throws -> Bool {
        let verified = try ReceiptDesk.verifyOrphan(receipt, from: partner)
        guard verified.waybill == record.waybill, verified.sha256 == record.sha256 else { return false }
        var record = record
        if record.state != .recalled { record.state = .delivered }
        record.deliveredAt = verified.receivedAt
        record.receiptSHA256 = SHA256.digest(receipt)
        let detail = EventDetail(["receipt": .string(SHA256.digest(receipt).hex)], statement: receipt)
        try await office.ledger.append([
            Records.event(.delivered, record, detail, at: office.now(), carriesRecord: true)
        ])
        return true
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
