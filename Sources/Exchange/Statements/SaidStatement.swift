internal import Envelope
internal import Ledger
internal import Vocabulary

/// A later statement of ours, signed, with the duty to hand it to the partner: both are committed together, so that a
/// crash between signing and telling loses nothing.
struct SaidStatement: Sendable {
    let statement: LaterStatement
    /// SignedData, verbatim.
    let signed: [UInt8]
    /// The daemon owes it to the partner until they have taken it.
    let post: Duty

    init(_ statement: LaterStatement, about key: ConsignmentKey, _ office: Office) throws {
        self.statement = statement
        signed = try office.signer.sign(statement.encoded, at: statement.signedAt)
        post = Self.post(signed, statement.kind.rawValue, about: key, at: statement.signedAt)
    }

    /// The duty to hand over these signed bytes, which are found again by their digest.
    static func post(_ signed: [UInt8], _ kind: String, about key: ConsignmentKey, at now: Instant) -> Duty {
        var duty = Duty(.post, id: .make(at: now), about: key, openedAt: now, due: now.adding(seconds: 24 * 3600))
        duty.facts = ["sha256": SHA256.digest(signed).hex, "statement": kind]
        return duty
    }

    /// The event, with what else it opens or closes.
    func event(_ kind: EventKind = .said, by account: String, duties: [Duty] = [], record: ConsignmentRecord? = nil)
        -> NewEvent
    {
        let key = post.consignment
        let facts: [String: JSON] = [
            "because": .string(statement.because), "by": .string(account), "direction": .string(key.direction.rawValue),
            "statement": .string(statement.kind.rawValue),
        ]
        return NewEvent(
            at: statement.signedAt, kind: kind, consignment: key.id, partner: key.partner,
            detail: EventDetail(facts, duties: duties + [post], statement: signed), record: record)
    }
}

/// `person:<account>`: who decided, as the ledger writes it.
enum Person {
    static func named(_ account: String) -> String { "person:\(account)" }
}
