internal import NIOCore
internal import Synchronization
internal import Vocabulary

/// What is known of one live connection. Shared by its event loop and the task that answers its requests.
final class Visitor: Sendable {
    private struct State {
        var leaf: [UInt8]?
        var peer: AgencyID?
        var requests = 0
        var bodiesEnded = 0
    }

    private let state = Mutex(State())
    let channel: any Channel

    init(_ channel: any Channel) { self.channel = channel }

    /// The certificate that the handshake admitted, DER; nil before that, and for a resumed session.
    var leaf: [UInt8]? { state.withLock { $0.leaf } }

    /// The partner that the directory named at the handshake; it may have been removed since.
    var admittedAs: AgencyID? { state.withLock { $0.peer } }

    func admit(_ leaf: [UInt8], as peer: AgencyID) {
        state.withLock { state in (state.leaf, state.peer) = (leaf, peer) }
    }

    /// Counts the requests of this connection as they are answered, from 1.
    func nextRequest() -> Int {
        state.withLock { state in
            state.requests += 1
            return state.requests
        }
    }

    func bodyEnded() { state.withLock { $0.bodiesEnded += 1 } }

    /// Whether the true end of body `number`, counting from 1, was seen on the wire. A closed connection also ends the
    /// sequence of chunks, so its end alone proves nothing.
    func hasEnded(_ number: Int) -> Bool { state.withLock { $0.bodiesEnded >= number } }

    /// Asks the gate to end body `number` at once, if it is still coming in.
    func cut(_ number: Int) { channel.pipeline.fireUserInboundEventTriggered(CutRequest(body: number)) }
}

/// Another connection brings the same consignment, so the older one ends.
struct CutRequest: Sendable {
    /// Which body of the connection, counting from 1.
    let body: Int
}
