package import Vocabulary

/// One consignment as a lazy sequence of sealed messages, producible again from any part.
///
/// Message 0 is the sealed waybill, messages 1...`partCount` are the sealed parts. A courier asks for them in order and
/// never holds more than a bounded window.
package protocol Parcel: Sendable {
    var id: ConsignmentID { get }
    var partCount: Int { get }
    /// Total bytes of plaintext, for choosing lanes and progress.
    var size: Int64 { get }
    /// One DER-encoded CMS message, freshly sealed. Throws when the file is no longer the one that was weighed.
    func message(_ index: Int) async throws -> ArraySlice<UInt8>
}

/// What became of one attempt. A transport's own acknowledgement is never a receipt: `receipt` and `refusal` hold the
/// partner's signed bytes, still to be verified.
package enum CarryAnswer: Sendable {
    case receipt([UInt8])
    case refusal([UInt8])
    /// Handed to the road (a share, a stick); the receipt comes back later by `enquire`.
    case carried
    case tryLater(TryLater)
}

/// What the partner knows of a consignment.
package enum EnquiryAnswer: Sendable {
    case receipt([UInt8])
    case refusal([UInt8])
    /// The waybill is known; the next part wanted, counting from 1.
    case resume(from: Int)
    /// The partner has never heard of it.
    case unknown
    /// It waits on the road and nobody has taken it in yet.
    case onTheRoad
    case tryLater(TryLater)
}

/// Why not now, for a person and for the retry schedule.
package struct TryLater: Error, Hashable, Sendable {
    package enum Reason: String, Sendable {
        case unreachable, notTrusted = "not-trusted", busy, full, timedOut = "timed-out", misunderstood, ours
    }

    package let reason: Reason
    /// What happened, why and what to do; no personal data.
    package let explanation: String
    /// Seconds that the partner asked for.
    package let after: Int64?

    package init(_ reason: Reason, _ explanation: String, after: Int64? = nil) {
        self.reason = reason
        self.explanation = explanation
        self.after = after
    }
}

/// Pushes consignments to one partner.
package protocol Courier: Sendable {
    /// Carries message 0 and then parts `part`...`partCount`. Rethrows what the parcel throws, and nothing else.
    func carry(_ parcel: any Parcel, from part: Int) async throws -> CarryAnswer
    func enquire(_ id: ConsignmentID) async -> EnquiryAnswer
    /// Hands over a later statement, such as a withdrawal or a new card: nil once the partner took it.
    func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater?
    /// The partner's newest card as signed, unverified.
    func fetchCard() async throws(TryLater) -> [UInt8]
    /// Called once a receipt or refusal is in our ledger, so that a folder can be tidied.
    func settled(_ id: ConsignmentID) async
    func shutdown() async
}
