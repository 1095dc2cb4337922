internal import Daemon
internal import Envelope
internal import Exchange
internal import Folders
internal import Ledger
internal import Settings
internal import Vocabulary

/// A receipt or refusal that came back by hand, verified as one that came by the line.
struct HandedAnswer {
    private enum Content {
        case receipt(Receipt)
        case refusal(Refusal)
    }

    private let signed: [UInt8]
    private let content: Content
    private let premises: Premises

    init(_ premises: Premises, _ signed: [UInt8]) throws {
        (self.premises, self.signed) = (premises, signed)
        do {
            let json = try StatementVerifier.uncheckedContent(of: signed)
            content = try (try? Receipt(parsing: json)).map(Content.receipt) ?? .refusal(Refusal(parsing: json))
        } catch {
            throw Trouble(
                "This is neither a receipt nor a refusal.", why: "\(error)",
                fix: "Take the file that waybill open wrote: NAME.receipt.p7s")
        }
    }

    private var consignment: ConsignmentID {
        switch content {
        case .receipt(let receipt): receipt.consignment
        case .refusal(let refusal): refusal.consignment
        }
    }

    private var parties: Parties {
        switch content {
        case .receipt(let receipt): receipt.parties
        case .refusal(let refusal): refusal.parties
        }
    }

    /// Verifies it and commits the outcome; returns the row as it stands then. The same answer again changes nothing.
    func record(in ledger: any Ledger) async throws -> ConsignmentRecord {
        let key = ConsignmentKey(.sent, parties.to, consignment)
        guard var record = try await ledger.record(key) else {
            throw Trouble(
                "It answers nothing that we sent.", why: "\(key.id) to \(key.partner) is not in our ledger.",
                fix: "Is it for another agency?")
        }
        try await verify(record)
        let now = WallClock.now()
        let detail: EventDetail
        switch content {
        case .receipt(let receipt):
            if record.receiptSHA256 != nil { return record }
            if record.state != .recalled { record.state = .delivered }
            record.deliveredAt = receipt.receivedAt
            record.receiptSHA256 = SHA256.digest(signed)
            detail = EventDetail(["receipt": .string(SHA256.digest(signed).hex)], statement: signed)
        case .refusal(let refusal):
            if record.state == .refused { return record }
            if record.state != .recalled { record.state = .refused }
            record.why = refusal.explanation
            detail = EventDetail(["reason": .string(refusal.reason.rawValue)], statement: signed)
        }
        let kind: EventKind = if case .receipt = content { .delivered } else { .refused }
        try await ledger.append([
            NewEvent(at: now, kind: kind, consignment: key.id, partner: key.partner, detail: detail, record: record)
        ])
        return record
    }

    private func verify(_ record: ConsignmentRecord) async throws {
        let now = WallClock.now()
        let partner = try PartnerFacts(premises, at: now).require(parties.to)
        let judge = try StatementJudge(try OurCard(premises), PartnerShelf(folder: premises.folders.partners))
        let kind: EventKind
        let fits: Bool
        switch content {
        case .receipt(let receipt):
            kind = .delivered
            fits = receipt.waybill == record.waybill && receipt.sha256 == record.sha256 && receipt.size == record.size
        case .refusal(let refusal):
            kind = .refused
            fits = refusal.waybill == record.waybill
        }
        if let problem = judge.judge(kind, signed, partner.id) { throw wrong(problem) }
        guard fits else { throw wrong("it is about another waybill or another file") }
        do { _ = try partner.verify(signed) } catch { throw wrong("\(error)") }
    }

    private func wrong(_ why: String) -> Trouble {
        Trouble(
            "It was not taken.", why: why,
            fix: "Ring \(parties.to): their keys or their software are wrong, or the file was changed.")
    }
}
