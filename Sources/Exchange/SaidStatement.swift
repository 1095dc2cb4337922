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

    /// - Parameter isUrgent: about an emergency: people wait for it, whatever it says, and it goes before all others.
    init(
        _ statement: LaterStatement, about key: ConsignmentKey, _ agency: Agency, isUrgent: Bool = false
    ) throws {
        self.statement = statement
        signed = try agency.us.signer.sign(statement.encoded, at: statement.signedAt)
        let isNews = statement.kind.isNews && !isUrgent
        var post = Self.post(
            signed, statement.kind.rawValue, about: key, isNews: isNews, at: statement.signedAt)
        post.isUrgent = isUrgent
        self.post = post
    }

    /// The duty to hand over these signed bytes, which are found again by their digest.
    static func post(
        _ signed: [UInt8], _ kind: String, about key: ConsignmentKey, isNews: Bool = false, at now: Instant
    ) -> Duty {
        let due = now.adding(hours: isNews ? 7 * 24 : 24)
        var duty = Duty(isNews ? .news : .post, id: .make(at: now), about: key, openedAt: now, due: due)
        duty.facts = ["sha256": SHA256.digest(signed).hex, "statement": kind]
        return duty
    }

    /// The event, with what else it opens or closes.
    func event(_ kind: EventKind = .said, by account: String, duties: [Duty] = [], record: ConsignmentRecord? = nil)
        -> NewEvent
    {
        let key = post.consignment
        let facts = statement.facts(key).merging(["by": .string(account)]) { $1 }
        return NewEvent(
            at: statement.signedAt, kind: kind, consignment: key.id, partner: key.partner,
            detail: EventDetail(facts, duties: duties + [post], statement: signed), record: record)
    }
}

extension LaterStatement {
    /// What an event tells of it in plain members, so that nobody needs to open the signature to list it.
    func facts(_ key: ConsignmentKey) -> [String: JSON] {
        var facts: [String: JSON] = [
            "because": .string(because), "direction": .string(key.direction.rawValue),
            "statement": .string(kind.rawValue),
        ]
        facts["moment"] = moment.map { .string($0.description) }
        return facts
    }
}

/// `person:<account>`: who decided, as the ledger writes it.
package enum Person {
    package static func named(_ account: String) -> String { "person:\(account)" }
}
