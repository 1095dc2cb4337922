internal import Envelope
internal import Exchange
internal import Ledger
internal import Statements
internal import Vocabulary

/// One consignment as a partner gave it back: every signature in it held, the waybill is between us, and the answer is to
/// this waybill.
struct RecoveredConsignment: Sendable {

    enum Answer: Sendable {
        case receipt(Receipt)
        case refusal(Refusal)
    }

    struct Later: Sendable {
        let statement: LaterStatement
        let signed: [UInt8]
    }

    let direction: Direction
    let partner: AgencyID
    let waybill: Waybill
    /// SHA-256 of the waybill JSON.
    let digest: Digest
    let signed: [UInt8]
    fileprivate(set) var answer: (content: Answer, signed: [UInt8])?
    fileprivate(set) var later: [Later] = []

    var key: ConsignmentKey { ConsignmentKey(direction, partner, waybill.id) }
}

/// Reads a page that a partner gave (`ExchangedPage` tells its form). What does not verify is left out and counted.
struct RecoveredPage: Sendable {
    private(set) var consignments: [RecoveredConsignment] = []
    /// Of the last waybill read, also if nothing else of it verified: where the next page goes on.
    private(set) var last: ConsignmentID?
    private(set) var refused = 0

    private let reader: Reader
    private var current: RecoveredConsignment?

    init(_ bytes: [UInt8], from partner: Partner, _ agency: Agency) throws {
        reader = Reader(partner: partner, us: agency.us)
        guard bytes.count <= 2 * ExchangedPage.mostBytes else { throw Malformed("page", "is longer than agreed") }
        var stream = DERStream()
        stream.expectParts(ExchangedPage.most * (ExchangedPage.mostLater + 2), ofSize: StatementVerifier.limit)
        try bytes.withRawSpan { span in
            var offset = 0
            while let message = try stream.next(in: span, at: &offset) { take(message) }
        }
        finish()
    }

    private mutating func take(_ message: [UInt8]) {
        guard let content = try? StatementVerifier.uncheckedContent(of: message) else { return refused += 1 }
        if let waybill = try? Waybill(kept: content) {
            finish()
            last = waybill.id
            current = reader.consignment(waybill, message)
            refused += current == nil ? 1 : 0
        } else if let known = current {
            guard let more = reader.adding(content, message, to: known) else { return refused += 1 }
            current = more
        } else {
            refused += 1
        }
    }

    private mutating func finish() {
        if let current, current.answer != nil { consignments.append(current) }
        current = nil
    }
}

/// Verifies what a page holds, each against whoever must have signed it.
private struct Reader: Sendable {
    let partner: Partner
    let us: OurIdentity

    func consignment(_ waybill: Waybill, _ signed: [UInt8]) -> RecoveredConsignment? {
        let sent = us.parties(to: partner)
        guard waybill.parties == sent || waybill.parties == us.parties(from: partner) else { return nil }
        let direction: Direction = waybill.parties == sent ? .sent : .received
        guard let held = try? author(direction == .sent).verify(signed, as: Waybill.self, .kept) else { return nil }
        return RecoveredConsignment(
            direction: direction, partner: partner.id, waybill: held.statement, digest: held.digest, signed: signed)
    }

    func adding(_ content: [UInt8], _ signed: [UInt8], to known: RecoveredConsignment) -> RecoveredConsignment? {
        var known = known
        let (recipient, sent) = (author(known.direction == .received), SentFacts(known.waybill, digest: known.digest))
        if (try? Receipt(kept: content)) != nil {
            guard known.answer == nil, let receipt = try? sent.receipt(signed, by: recipient, .kept) else { return nil }
            known.answer = (.receipt(receipt), signed)
        } else if (try? Refusal(kept: content)) != nil {
            guard known.answer == nil, let refusal = try? sent.refusal(signed, by: recipient, .kept) else { return nil }
            known.answer = (.refusal(refusal), signed)
        } else if let later = try? LaterStatement(kept: content) {
            guard known.later.count < ExchangedPage.mostLater, sent.isAbout(later),
                (try? author(later.issuer == us.id).verify(signed, as: LaterStatement.self, .kept)) != nil
            else { return nil }
            known.later.append(RecoveredConsignment.Later(statement: later, signed: signed))
        } else {
            return nil
        }
        return known
    }

    private func author(_ isUs: Bool) -> Author { isUs ? us.author : partner.author }
}
