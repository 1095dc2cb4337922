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
    /// Message 0 and the parts from this one on, for a parcel that is small enough to be held whole.
    func whole(from part: Int) async throws -> ArraySlice<UInt8>
}

extension Parcel {
    package func whole(from part: Int) async throws -> ArraySlice<UInt8> {
        var bytes = try await message(0)
        for index in stride(from: part, through: partCount, by: 1) { bytes += try await message(index) }
        return bytes
    }
}

/// A parcel that goes, and the part from which on the partner wants it.
package struct Outgoing: Sendable {
    package let parcel: any Parcel
    /// Counting from 1.
    package let from: Int

    /// All of it in one part: it may go together with others in one request.
    package var isOfOnePart: Bool { from == 1 && parcel.partCount == 1 }

    package init(_ parcel: any Parcel, from part: Int = 1) { (self.parcel, from) = (parcel, part) }
}

/// How the attempt at one parcel of a batch ended.
package enum CarryEnd: Sendable {
    case answered(CarryAnswer)
    /// The parcel broke, say because its file changed: its own trouble, and none of its neighbours'.
    case broke(any Error)

    /// - Parameter attempt: throws what the parcel throws.
    package init(_ attempt: () async throws -> CarryAnswer) async {
        do { self = .answered(try await attempt()) } catch { self = .broke(error) }
    }
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

/// What a witness says to a checkpoint.
package enum WitnessAnswer: Hashable, Sendable {
    /// Signature lines to be put under the note, unverified.
    case countersigned([UInt8])
    /// The witness holds a checkpoint of this size: prove from there.
    case holds(size: Int64)
    /// The witness will not countersign: its reason in words of ours.
    case refused(WitnessRefusal)
}

/// Why a witness does not countersign (C2SP tlog-witness, the statuses in brackets).
package enum WitnessRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// Not a request, or `old` is larger than the checkpoint (400).
    case malformed
    /// Signed by no ledger key of yours that we know (403).
    case unknownKey = "unknown-key"
    /// Not a ledger of yours (404).
    case unknownOrigin = "unknown-origin"
    /// The proof does not hold: what we saw before has been changed (422).
    case inconsistent
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

/// How many small consignments go together over a road, and how many such batches beside each other.
package struct BatchBounds: Hashable, Sendable {
    /// 1: each goes by itself.
    package let count: Int
    /// Of all together in one request. A file that would take more than a quarter of it goes by itself.
    package let bytes: Int64
    /// Batches under way at a time; as many as there are workers, if that is less.
    package let abreast: Int

    package init(count: Int, bytes: Int64 = .max, abreast: Int = .max) {
        (self.count, self.bytes, self.abreast) = (count, bytes, abreast)
    }

    /// Whether the road asks for each consignment whole (`Parcel.whole`), because all of a batch are in one request.
    package var asksForTheWhole: Bool { bytes < .max }

    /// Whether a file of this size goes together with others.
    package func takes(_ size: Int64) -> Bool { count > 1 && size <= bytes / 4 }
}

/// Pushes consignments to one partner, a batch at a time: whatever was ready together. One is a batch.
package protocol Courier: Sendable {
    /// What goes at once over this road now.
    var batch: BatchBounds { get }
    /// Carries of each message 0 and then the parts that are wanted. Returns one end for each, in the order of the batch.
    func carry(_ batch: [Outgoing]) async -> [CarryEnd]
    /// Returns one answer for each, in the order of the ids.
    func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer]
    /// Hands over a later statement, such as a withdrawal or a new card: nil once the partner took it.
    func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater?
    /// The partner's newest card as signed, unverified.
    func fetchCard() async throws(TryLater) -> [UInt8]
    /// Asks the partner to countersign our checkpoint (C2SP tlog-witness, `add-checkpoint`).
    /// - Parameter request: `old N`, the consistency proof, an empty line, the signed checkpoint.
    func addCheckpoint(_ request: [UInt8]) async throws(TryLater) -> WitnessAnswer
    /// The newest checkpoint of ours that the partner holds, a signed note, unverified; nil if it holds none.
    func witnessedCheckpoint() async throws(TryLater) -> String?
    /// What the partner knows of our exchange since a moment, for a ledger that was restored: signed statements one after
    /// another, unverified. Pages: `after` is the last consignment of the page before.
    func exchanged(since: Instant, after: ConsignmentID?) async throws(TryLater) -> [UInt8]
    /// Called once receipts or refusals are in our ledger, so that a folder can be tidied.
    func settled(_ ids: [ConsignmentID]) async
    /// Keys have changed, ours or theirs: connections are made anew from now on; what is under way ends as it began.
    func renew() async
    func shutdown() async
}

extension Courier {
    package var batch: BatchBounds { BatchBounds(count: 1) }
    package func renew() async {}
}

/// A batch of one.
extension Courier {
    package func enquire(_ id: ConsignmentID) async -> EnquiryAnswer {
        await enquire([id]).first ?? .tryLater(.unanswered)
    }

    package func settled(_ id: ConsignmentID) async { await settled([id]) }
}

/// A road on which nothing is asked and answered at once, such as a share.
extension Courier {
    package func addCheckpoint(_ request: [UInt8]) async throws(TryLater) -> WitnessAnswer { throw .oneWay }
    package func witnessedCheckpoint() async throws(TryLater) -> String? { throw .oneWay }
    package func exchanged(since: Instant, after: ConsignmentID?) async throws(TryLater) -> [UInt8] { throw .oneWay }
}

extension TryLater {
    /// What the recipient's daemon means by `Problem.Kind.clock`, in words of ours.
    package static let dated = """
        Our clocks differ: by the partner's, this bears a date that cannot be, such as one to come. Look at ours first \
        (timedatectl; chronyc tracking), then ring them. It is tried again by itself.
        """

    /// A road that says less than it was asked: its own fault, and nothing is known of what it left out.
    package static let unanswered = TryLater(.ours, "Our own side: the road to this partner did not say how it ended.")

    /// This road cannot ask questions.
    package static let oneWay = TryLater(.misunderstood, "The road to this partner carries no questions and answers.")
}
