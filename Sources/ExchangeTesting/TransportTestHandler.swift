internal import Envelope
internal import Synchronization
package import Transport
package import Vocabulary

/// A handler that keeps what arrives in memory and answers as it is told.
package final class TransportTestHandler: SerialHandler {
    package enum Manner: Sendable {
        case receipts
        /// As it does, and says of each arrival that it is an emergency.
        case emergencies
        /// Reads to the end and refuses.
        case refuses
        /// Refuses once it has seen this many bytes.
        case refusesAfter(Int)
        case problem(Problem)
        /// Rests before every chunk.
        case slow(Duration)
        /// Rests before the first chunk.
        case stalls(Duration)
    }

    /// One arrival that came whole.
    package struct Arrival: Sendable {
        package let id: ConsignmentID
        package let peer: AgencyID
        package let firstPart: Int
        package let bytes: [UInt8]
    }

    private struct State {
        var manner = Manner.receipts
        var whole: [Arrival] = []
        var cutShort: [String] = []
        var seen = 0
        var now = 0
        var mostAtOnce = 0
        var settled: [ConsignmentID: ArrivalStatus] = [:]
        var statements: [[UInt8]] = []
        var witness: WitnessAnswer?
        var requests: [WitnessRequest] = []
        var held: [AgencyID: String] = [:]
        var pages: [PageRequest: [UInt8]] = [:]
    }

    /// A request to countersign, and who made it.
    package struct WitnessRequest: Hashable, Sendable {
        package let peer: AgencyID
        package let bytes: [UInt8]
    }

    private struct PageRequest: Hashable {
        let peer: AgencyID
        let since: Instant
        let after: ConsignmentID?
    }

    /// A page is asked for that nobody laid out.
    private struct NoSuchPage: Error {}

    private let state = Mutex(State())

    package init() {}

    package var manner: Manner {
        get { state.withLock { $0.manner } }
        set { state.withLock { $0.manner = newValue } }
    }

    package var arrivals: [Arrival] { state.withLock { $0.whole } }
    /// Why bodies ended early, in order.
    package var cutShort: [String] { state.withLock { $0.cutShort } }
    /// Bytes of all bodies so far.
    package var bytesSeen: Int { state.withLock { $0.seen } }
    package var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }
    package var statements: [[UInt8]] { state.withLock { $0.statements } }

    /// Tells later enquiries `status`.
    package func know(_ id: ConsignmentID, as status: ArrivalStatus) { state.withLock { $0.settled[id] = status } }

    package static func receipt(for id: ConsignmentID) -> [UInt8] { [0x30, 36] + Array(id.text.utf8) }
    package static func refusal(for id: ConsignmentID) -> [UInt8] { [0x31, 36] + Array(id.text.utf8) }
    package static let testCard: [UInt8] = [0x30, 4] + Array("card".utf8)

    package func receive(
        _ next: Arriving, from peer: AgencyID, body: inout some ArrivingBytes
    ) async -> ArrivalAnswer {
        let id = next.id
        state.withLock { state in
            state.now += 1
            state.mostAtOnce = max(state.mostAtOnce, state.now)
        }
        defer { state.withLock { $0.now -= 1 } }
        if case .receipt(let bytes)? = state.withLock({ $0.settled[id] }) { return .receipt(bytes, isNew: false) }
        if case .problem(let problem) = manner { return .problem(problem) }
        do {
            let bytes = try await read(&body)
            return answer(Arrival(id: id, peer: peer, firstPart: next.from, bytes: bytes))
        } catch let cut as CutShort {
            state.withLock { $0.cutShort.append(cut.why) }
            return .problem(Problem(.cutShort, cut.why))
        } catch {
            return .refusal(Self.refusal(for: id), .policy)
        }
    }

    private struct SeenEnough: Error {}

    private func read(_ body: inout some ArrivingBytes) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        if case .emergencies = manner { body.isUrgent() }
        if case .stalls(let rest) = manner { try await Task.sleep(for: rest) }
        while true {
            if case .slow(let rest) = manner { try await Task.sleep(for: rest) }
            let more = try await body.next { chunk in
                bytes.append(chunk, from: 0)
            }
            let count = bytes.count
            state.withLock { $0.seen = max($0.seen, count) }
            if case .refusesAfter(let most) = manner, bytes.count > most { throw SeenEnough() }
            if !more { return bytes }
        }
    }

    private func answer(_ arrival: Arrival) -> ArrivalAnswer {
        state.withLock { state in
            state.whole.append(arrival)
            if case .refuses = state.manner {
                state.settled[arrival.id] = .refusal(Self.refusal(for: arrival.id))
                return .refusal(Self.refusal(for: arrival.id), .policy)
            }
            state.settled[arrival.id] = .receipt(Self.receipt(for: arrival.id))
            return .receipt(Self.receipt(for: arrival.id), isNew: true)
        }
    }

    package func status(of id: ConsignmentID, for peer: AgencyID) async -> ArrivalStatus {
        state.withLock { $0.settled[id] } ?? .unknown
    }

    package func take(statement: [UInt8], from peer: AgencyID) async -> Problem? {
        state.withLock { $0.statements.append(statement) }
        return nil
    }

    package func card() async -> [UInt8] { Self.testCard }
    package func checkpoint() async throws -> String { "waybill/test\n1\nAAAA\n" }

    // MARK: - Questions about ledgers

    /// What the next request to countersign is answered; nil: not now.
    package var witness: WitnessAnswer? {
        get { state.withLock { $0.witness } }
        set { state.withLock { $0.witness = newValue } }
    }

    package var witnessRequests: [WitnessRequest] { state.withLock { $0.requests } }

    /// Holds a checkpoint of `peer`'s from now on.
    package func hold(_ note: String, of peer: AgencyID) { state.withLock { $0.held[peer] = note } }

    /// Lays out one page for exactly this question. Any other question is this end's trouble.
    package func layOut(_ page: [UInt8], for peer: AgencyID, since: Instant, after: ConsignmentID?) {
        state.withLock { $0.pages[PageRequest(peer: peer, since: since, after: after)] = page }
    }

    package func addCheckpoint(_ request: [UInt8], from peer: AgencyID) async -> WitnessAnswer? {
        state.withLock { state in
            state.requests.append(WitnessRequest(peer: peer, bytes: request))
            return state.witness
        }
    }

    package func witnessedCheckpoint(for peer: AgencyID) async -> String? { state.withLock { $0.held[peer] } }

    package func exchanged(with peer: AgencyID, since: Instant, after: ConsignmentID?) async throws -> [UInt8] {
        if case .problem(let problem) = manner { throw problem }
        let page = state.withLock { $0.pages[PageRequest(peer: peer, since: since, after: after)] }
        guard let page else { throw NoSuchPage() }
        return page
    }
}
