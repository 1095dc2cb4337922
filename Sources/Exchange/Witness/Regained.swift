internal import Envelope
internal import Ledger
internal import Statements
internal import Vocabulary

/// One consignment as a partner gave it back: every signature in it held, the waybill is between us, and the answer is to
/// this waybill.
struct Regained: Sendable {

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
struct RegainedPage: Sendable {
    private(set) var consignments: [Regained] = []
    /// Of the last waybill read, also if nothing else of it verified: where the next page goes on.
    private(set) var last: ConsignmentID?
    private(set) var refused = 0

    private let reader: Reader
    private var current: Regained?

    init(_ bytes: [UInt8], from partner: Partner, _ agency: Agency) throws {
        reader = Reader(partner: partner, us: agency.us.id, identity: agency.us.identity)
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
            current = reader.consignment(waybill, content, message)
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
    let us: AgencyID
    let identity: Certificate

    func consignment(_ waybill: Waybill, _ content: [UInt8], _ signed: [UInt8]) -> Regained? {
        let (sent, received) = (
            Parties(
                from: us, to: partner.id, fromIdentity: identity.fingerprint, toIdentity: partner.fingerprint),
            Parties(from: partner.id, to: us, fromIdentity: partner.fingerprint, toIdentity: identity.fingerprint)
        )
        guard waybill.parties == sent || waybill.parties == received else { return nil }
        let direction: Direction = waybill.parties == sent ? .sent : .received
        guard verify(signed, byUs: direction == .sent, waybill.signedAt) else { return nil }
        return Regained(
            direction: direction, partner: partner.id, waybill: waybill, digest: SHA256.digest(content), signed: signed)
    }

    func adding(_ content: [UInt8], _ signed: [UInt8], to known: Regained) -> Regained? {
        var known = known
        let (id, digest, parties) = (known.waybill.id, known.digest, known.waybill.parties)
        let (recipientIsUs, sent) = (known.direction == .received, SentFacts(known.waybill, digest: digest))
        if let receipt = try? Receipt(kept: content) {
            guard (try? sent.require(receipt)) != nil, known.answer == nil,
                verify(signed, byUs: recipientIsUs, receipt.signedAt)
            else { return nil }
            known.answer = (.receipt(receipt), signed)
        } else if let refusal = try? Refusal(kept: content) {
            guard (try? sent.require(refusal)) != nil, known.answer == nil,
                verify(signed, byUs: recipientIsUs, refusal.signedAt)
            else { return nil }
            known.answer = (.refusal(refusal), signed)
        } else if let later = try? LaterStatement(kept: content) {
            guard (later.consignment, later.waybill, later.parties) == (id, digest, parties),
                known.later.count < ExchangedPage.mostLater, verify(signed, byUs: later.issuer == us, later.signedAt)
            else { return nil }
            known.later.append(Regained.Later(statement: later, signed: signed))
        } else {
            return nil
        }
        return known
    }

    private func verify(_ signed: [UInt8], byUs: Bool, _ signedAt: Instant) -> Bool {
        do {
            let verified = try byUs ? ours(signed) : partner.verify(signed)
            try verified.requireDate(signedAt)
            return true
        } catch {
            return false
        }
    }

    private func ours(_ signed: [UInt8]) throws -> VerifiedStatement {
        let at = try StatementVerifier.uncheckedSigningTime(of: signed)
        return try StatementVerifier.verify(signed, identity: identity, role: .signing, at: at)
    }
}
