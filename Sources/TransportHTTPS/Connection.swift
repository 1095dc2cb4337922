internal import NIOCore
internal import Synchronization
internal import Transport
internal import Vocabulary

/// What is known of one live connection. Shared by its event loop and the task that answers its requests.
///
///     connected ─► presents a certificate ─► proves its key (handshake complete) ─► rests ⇄ is in a request
final class Connection: Sendable {
    private struct State {
        var leaf: [UInt8]?
        var peer: AgencyID?
        var hasSpoken = false
        var isProved = false
        var requests = 0
        /// Since when it has been in a request.
        var busySince: ContinuousClock.Instant?
        /// The request, counting from 1, that brings an emergency.
        var urgentRequest = 0
        var bodiesEnded = 0
        /// Requests whose head has come and whose answer has not gone out.
        var unanswered = 0
        /// Bytes of the present body that came in and were not consumed.
        var unread = 0
        /// Not nil while reading is held back: it goes on when no more than this is unread.
        var readsOnAt: Int?
    }

    private let state = Mutex(State())
    let channel: any Channel
    /// Whom its connection counts for until it has proved itself.
    let address: Budget.Holder

    init(_ channel: any Channel) {
        self.channel = channel
        address = .address(Self.network(channel.remoteAddress))
    }

    /// The certificate that the handshake admitted, DER; nil before that.
    var leaf: [UInt8]? { state.withLock { $0.leaf } }

    /// The partner that the directory named at the handshake; it may have been removed since.
    var admittedAs: AgencyID? { state.withLock { $0.peer } }

    /// A certificate is public: whoever shows it is not believed before the handshake is complete.
    func present(_ leaf: [UInt8], of peer: AgencyID) {
        state.withLock { state in (state.leaf, state.peer) = (leaf, peer) }
    }

    /// The handshake is complete. Whose it is, if it is a partner's.
    func prove() -> AgencyID? {
        state.withLock { state in
            state.isProved = state.peer != nil
            return state.peer
        }
    }

    var isProved: Bool { state.withLock { $0.isProved } }

    /// A byte of it has come.
    func speak() { state.withLock { $0.hasSpoken = true } }
    var hasSpoken: Bool { state.withLock { $0.hasSpoken } }

    /// No request is being brought or answered.
    var isResting: Bool { state.withLock { $0.unanswered == 0 } }

    /// It rests after a request: one that has just come may be about to bring an emergency.
    var isDone: Bool { state.withLock { $0.unanswered == 0 && $0.requests > 0 } }

    /// Since when it has been in a request that brings no emergency; nil if it is in none, or in one that does.
    var routineSince: ContinuousClock.Instant? {
        state.withLock { $0.unanswered > 0 && $0.urgentRequest != $0.requests ? $0.busySince : nil }
    }

    /// - Parameter request: counting from 1.
    func isUrgent(_ request: Int) { state.withLock { $0.urgentRequest = request } }

    /// Counts the requests of this connection as they are answered, from 1.
    func nextRequest() -> Int {
        state.withLock { state in
            state.requests += 1
            return state.requests
        }
    }

    func headCame() {
        state.withLock { state in
            if state.unanswered == 0 { state.busySince = .now }
            state.unanswered += 1
            state.unread = 0
        }
    }

    /// True if reading was held back, and need not be any more: whoever answers early reads what still comes.
    func answered() -> Bool {
        state.withLock { state in
            state.unanswered = max(0, state.unanswered - 1)
            state.unread = 0
            defer { state.readsOnAt = nil }
            return state.readsOnAt != nil
        }
    }

    func bodyEnded() { state.withLock { $0.bodiesEnded += 1 } }

    /// Whether the true end of body `number`, counting from 1, was seen on the wire. A closed connection also ends the
    /// sequence of chunks, so its end alone proves nothing.
    func hasEnded(_ number: Int) -> Bool { state.withLock { $0.bodiesEnded >= number } }

    /// Asks the gate to end body `number` at once, if it is still coming in.
    func cut(_ number: Int) { channel.pipeline.fireUserInboundEventTriggered(CutRequest(body: number)) }

    // MARK: - No more is read than is taken

    func came(_ bytes: Int) { state.withLock { $0.unread += bytes } }

    /// Whether nothing should be read now, because so much waits to be taken; remembered until it is.
    func holdsBack(beyond most: Int) -> Bool {
        state.withLock { state in
            state.readsOnAt = state.unread > most ? most / 2 : nil
            return state.readsOnAt != nil
        }
    }

    func took(_ bytes: Int) {
        let mayGoOn = state.withLock { state in
            state.unread = max(0, state.unread - bytes)
            guard let readsOnAt = state.readsOnAt, state.unread <= readsOnAt else { return false }
            state.readsOnAt = nil
            return true
        }
        if mayGoOn { channel.pipeline.fireUserInboundEventTriggered(ReadOn()) }
    }

    // MARK: - From where

    /// An IPv4 address; of IPv6 the 64 bits of its network, because whoever has one of these addresses has them all.
    private static func network(_ address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "unknown" }
        guard case .v6 = address else { return text }
        // An IPv4 address that came in by a socket for both.
        if text.hasPrefix("::ffff:"), text.contains(".") { return String(text.dropFirst(7)) }
        // `::` stands for as many zeros as are missing of the eight groups (RFC 5952).
        let groups = text.split(separator: "::", omittingEmptySubsequences: false)
            .map { $0.split(separator: ":").map(String.init) }
        let zeros = Array(repeating: "0", count: max(0, 8 - groups.reduce(0) { $0 + $1.count }))
        return ((groups.first ?? []) + zeros + groups.dropFirst().joined()).prefix(4).joined(separator: ":") + "::/64"
    }
}

/// Another connection brings the same consignment, so the older one ends.
struct CutRequest: Sendable {
    /// Which body of the connection, counting from 1.
    let body: Int
}

/// What was held back may be read.
struct ReadOn: Sendable {}

/// Somebody begins to read a body.
struct BodyWanted: Sendable {
    /// Which body of the connection, counting from 1.
    let body: Int
}
