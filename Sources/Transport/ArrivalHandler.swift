package import Vocabulary

/// The bytes of one arrival in order, lent chunk by chunk, so that nothing is copied twice.
package protocol ArrivingBytes {
    /// Lends the next chunk to `take`. False at the true end; throws `CutShort` when the road broke.
    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool
    /// Breaks the road from another task: a `next` that waits throws `CutShort` soon. Used when the same consignment
    /// arrives again over a new connection while the old one is half open.
    var cut: @Sendable () -> Void { get }
    /// It brings an emergency: this road is not ended to make room for others of its sender's.
    func isUrgent()
}

/// A road that makes room for nobody.
extension ArrivingBytes {
    package func isUrgent() {}
}

/// Which consignment comes next, and from which part on.
package struct Arriving: Hashable, Sendable {
    package let id: ConsignmentID
    /// Counting from 1.
    package let from: Int

    package init(_ id: ConsignmentID, from part: Int = 1) { (self.id, from) = (id, part) }
}

/// Consignments that come one after another over one road. `next` ends with each of them.
package protocol ArrivingBatch: ArrivingBytes {
    /// Goes to the next one; what is left of the one before is not read by anybody. Nil at the true end; throws `CutShort`
    /// when the road broke.
    mutating func advance() async throws(CutShort) -> Arriving?
}

/// A road that brings one consignment.
package struct LoneArrival<Bytes: ArrivingBytes>: ArrivingBatch {
    package var bytes: Bytes
    private var waiting: Arriving?

    package init(_ id: ConsignmentID, from part: Int = 1, _ bytes: Bytes) {
        (self.bytes, waiting) = (bytes, Arriving(id, from: part))
    }

    package mutating func advance() -> Arriving? { waiting.take() }
    package mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool { try await bytes.next(take) }
    package var cut: @Sendable () -> Void { bytes.cut }
    package func isUrgent() { bytes.isUrgent() }
}

/// The connection ended, stalled or was cancelled before the body did.
package struct CutShort: Error, Hashable, Sendable {
    package let why: String
    package init(_ why: String) { self.why = why }

    /// Our own daemon stops: the sender is asked to come again, not told that it broke.
    package static let stopping = CutShort("this end is stopping")
}

/// What the handler says to an arrival.
package enum ArrivalAnswer: Sendable {
    case receipt([UInt8], isNew: Bool)
    case refusal([UInt8], Refusal.Reason)
    /// Unsigned and never final: the sender tries again.
    case problem(Problem)
}

/// An RFC 9457 problem: nothing in it is evidence.
package struct Problem: Error, Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case malformed, unknownConsignment = "unknown-consignment", notAllowed = "not-allowed", busy, full
        case tooLarge = "too-large", cutShort = "cut-short", ours
        /// Bears a date that cannot be, such as a day or more from now: one of the two clocks is wrong.
        case clock
    }

    package let kind: Kind
    /// For a person: what happened and what to do; no personal data.
    package let detail: String
    /// Seconds.
    package let retryAfter: Int64?

    package init(_ kind: Kind, _ detail: String, retryAfter: Int64? = nil) {
        self.kind = kind
        self.detail = detail
        self.retryAfter = retryAfter
    }
}

/// What the handler knows of a consignment, told only to its sender.
package enum ArrivalStatus: Sendable {
    case receipt([UInt8])
    case refusal([UInt8])
    /// The next part wanted, counting from 1.
    case next(Int)
    case unknown
    case problem(Problem)
}

/// Where consignments and statements go, whichever road they came by, joined with whoever answers questions about ledgers.
/// `peer` has been proved by the transport (HTTPS) or is only claimed by the folder it lay in; the handler verifies every
/// signature itself.
package protocol ArrivalHandler: LedgerQuestions {
    /// Takes what comes until the road has no more. Returns one answer for each consignment that was begun, in their order.
    func receive(_ batch: inout some ArrivingBatch, from peer: AgencyID) async -> [ArrivalAnswer]
    /// Returns one status for each, in the order of the ids.
    func status(of ids: [ConsignmentID], for peer: AgencyID) async -> [ArrivalStatus]
    /// A later statement; nil once it is in the ledger.
    func take(statement: [UInt8], from peer: AgencyID) async -> Problem?
    /// Our newest card as signed.
    func card() async -> [UInt8]
}

/// A batch of one.
extension ArrivalHandler {
    package func receive(
        _ id: ConsignmentID, from peer: AgencyID, startingAt part: Int, body: inout some ArrivingBytes
    ) async -> ArrivalAnswer {
        var lone = LoneArrival(id, from: part, body)
        let answer = await receive(&lone, from: peer).first
        body = lone.bytes
        return answer ?? .problem(.unanswered)
    }

    package func status(of id: ConsignmentID, for peer: AgencyID) async -> ArrivalStatus {
        await status(of: [id], for: peer).first ?? .problem(.unanswered)
    }
}

extension Problem {
    /// A handler that says less than it was asked.
    package static let unanswered = Problem(.ours, "This could not be answered.", retryAfter: 60)
}

/// What partners ask about our ledger and theirs, over roads on which an answer comes at once.
package protocol LedgerQuestions: Sendable {
    /// Our newest checkpoint, a signed note.
    func checkpoint() async throws -> String
    /// A partner asks us to countersign its checkpoint; `request` as in `Courier.addCheckpoint`. Nil: not now.
    func addCheckpoint(_ request: [UInt8], from peer: AgencyID) async -> WitnessAnswer?
    /// The newest checkpoint of this partner's present ledger that we hold.
    func witnessedCheckpoint(for peer: AgencyID) async -> String?
    /// Signed statements about what we exchanged with this partner since a moment; see `Courier.exchanged`.
    func exchanged(with peer: AgencyID, since: Instant, after: ConsignmentID?) async throws -> [UInt8]
}

/// Takes arrivals from the road and gives them to the handler until cancelled.
package protocol Collector: Sendable {
    func run(handler: some ArrivalHandler) async throws
}

/// Tells which partner a TLS certificate belongs to: the one whose identity issued it, in the tls role, valid now and
/// not retired. Nil means nobody we know.
package protocol PeerDirectory: Sendable {
    /// - Parameter leaf: the presented certificate, DER.
    func peer(presenting leaf: [UInt8]) -> AgencyID?
    /// The partner's identity certificate, DER; the root that a dialler trusts.
    func identity(of partner: AgencyID) -> [UInt8]?
}

/// A handler that witnesses nothing.
extension LedgerQuestions {
    package func addCheckpoint(_ request: [UInt8], from peer: AgencyID) async -> WitnessAnswer? { nil }
    package func witnessedCheckpoint(for peer: AgencyID) async -> String? { nil }
    package func exchanged(with peer: AgencyID, since: Instant, after: ConsignmentID?) async throws -> [UInt8] { [] }
}
