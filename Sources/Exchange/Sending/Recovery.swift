internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import Synchronization
internal import Transport
internal import Vocabulary

// What becomes of files that have a row already, and of rows that have no file.

extension Sending {
    /// Goes on from where the ledger says that a file is.
    func resume(_ claimed: ClaimedFile, _ record: ConsignmentRecord) async throws {
        agency.log.info("resumed", metadata: ["consignment": "\(record.key.id)", "state": "\(record.state.rawValue)"])
        switch record.state {
        case .claimed, .signed, .dispatching: try await sendAgain(claimed, record)
        default:
            // The road may still hold what the crash kept us from clearing away.
            if [.delivered, .refused, .recalled].contains(record.state) {
                try? await dispatcher(for: record.key.partner).courier.settled(record.key.id)
            }
            tray.soon(claimed, try await filing(again: record))
        }
    }

    /// The same waybill again, from wherever the partner is.
    private func sendAgain(_ claimed: ClaimedFile, _ record: ConsignmentRecord) async throws {
        guard let signed = try await agency.ledger.statement(.signed, of: record.key) else {
            throw LedgerTrouble.refused("the signed waybill of \(record.key.id) is not in the ledger")
        }
        let waybill: SignedWaybill
        do {
            let weighed = try await Weigher.weigh(claimed, weighings)
            waybill = try SignedWaybill.resume(weighed, signed: signed, identity: agency.us.identity)
        } catch  where error is ChangedFile || error is UnkeptFile {
            return try await damaged(claimed, record, signed)
        }
        if let revocation = agency.partners.revocation(of: waybill.partner) {
            return await halt(waybill, revocation.finding)
        }
        goOn(with: waybill)
    }

    /// What lies in work/ is not what was signed. The partner may have had it before that: its receipt ends it. Else it is
    /// held, and never sent as something new.
    private func damaged(_ claimed: ClaimedFile, _ record: ConsignmentRecord, _ signed: [UInt8]) async throws {
        let answer: EnquiryAnswer
        if let partner = agency.partners[record.key.partner] {
            if let why = await agency.rollback.outward(partner.id) { throw why }
            answer = try await dispatcher(for: partner.id).courier.enquire(record.key.id)
            if case .receipt(let receipt) = answer, try await adopt(receipt, record, partner) {
                return tray.soon(claimed, try await filing(again: record, isDamaged: true))
            }
        } else {
            answer = .unknown
        }
        if case .tryLater(let why) = answer { throw why }
        let waybill = try Waybill(kept: StatementVerifier.uncheckedContent(of: signed))
        let ending = try Outcomes(agency).withdrawn(
            record, record.waybill ?? SHA256.digest(waybill.encoded), waybill.parties, .changed)
        try await agency.commit(ending)
        agency.log.error("what was signed has changed in work/", metadata: ["consignment": "\(record.key.id)"])
        tray.soon(claimed, ending.filing)
    }

    /// The row as it stands now: it may have ended meanwhile.
    private func filing(again record: ConsignmentRecord, isDamaged: Bool = false) async throws -> Filing {
        let record = try await agency.ledger.record(record.key) ?? record
        return try await Outcomes(agency).filing(again: record, isDamaged: isDamaged)
    }

    // MARK: - Rows without a file

    /// Open rows without a file are asked about until their partner has answered.
    /// - Parameter open: of partners whose every place has just been looked into.
    func lookForMissing(_ open: [ConsignmentRecord]) async {
        for row in open where !register.isUnderWay(row.key.id) {
            // It may have ended since the rows were read.
            guard let record = try? await agency.ledger.record(row.key), ConsignmentState.open.contains(record.state),
                !register.isUnderWay(row.key.id)
            else { continue }
            // Or somebody has put its file back meanwhile.
            let isResolved = await missing(record) || register.isUnderWay(row.key.id)
            agency.alarms.alarm(
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
        guard let partner = agency.partners[record.key.partner] else { return false }
        guard await agency.rollback.outward(partner.id) == nil else { return false }
        agency.log.error("the file of an open consignment is missing", metadata: ["consignment": "\(record.key.id)"])
        do {
            switch try await dispatcher(for: partner.id).courier.enquire(record.key.id) {
            case .receipt(let receipt): if try await !adopt(receipt, record, partner) { await lost(record) }
            case .unknown, .resume, .refusal: await lost(record)
            case .onTheRoad, .tryLater: return false
            }
            return true
        } catch {
            agency.log.error("not resolved", metadata: ["consignment": "\(record.key.id)", "why": "\(error)"])
            return false
        }
    }

    /// Takes over a receipt that we had not got.
    /// - Returns: false if it is of something else than was signed.
    @discardableResult
    func adopt(_ receipt: [UInt8], _ record: ConsignmentRecord, _ partner: Partner) async throws -> Bool {
        let verified = try partner.author.verify(receipt, as: Receipt.self).statement
        let waybill = try await agency.signedWaybill(of: record.key)
        do { try SentFacts(record, waybill).require(verified) } catch { return false }
        let owed = try await OpenDuties(of: record, waybill, agency)
        try await agency.commit(Outcomes(agency).delivered(record, verified, signed: receipt, owed: owed))
        return true
    }

    private func lost(_ record: ConsignmentRecord) async {
        _ = try? await agency.commit(Outcomes(agency).lost(record))
        agency.alarms.alarm(
            "lost/\(record.key.id)",
            "Consignment \(record.key.id) is lost: drop its file again. waybill ledger show \(record.key.id)")
    }
}
