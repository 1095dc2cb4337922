internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Transport

/// The clients of one courier: one for all, and one for urgent files, made when the first of these comes.
///
/// A client whose request timed out is let go with all its connections: those that rest in its pool came the same way and
/// are as deaf as the one that was tried.
final class Diallers: Sendable {
    private struct State {
        var ordinary: Dialler
        var urgent: Dialler?
        /// How long an urgent request may stand still.
        var silence: Duration
    }

    private let limits: CourierLimits
    private let dial: @Sendable (_ isUrgent: Bool) -> HTTPClient
    private let state: Mutex<State>

    init(_ limits: CourierLimits, _ dial: @escaping @Sendable (_ isUrgent: Bool) -> HTTPClient) {
        self.limits = limits
        self.dial = dial
        state = Mutex(State(ordinary: Dialler(dial(false)), silence: limits.urgent.silence))
    }

    func present(isUrgent: Bool) -> Dialler {
        state.withLock { state in
            guard isUrgent else { return state.ordinary }
            let urgent = state.urgent ?? Dialler(dial(true))
            state.urgent = urgent
            return urgent
        }
    }

    /// For an urgent request.
    func watch(toSync bytes: Int64) -> SilenceWatch {
        let silence = state.withLock { $0.silence }
        let syncing = Duration.seconds(Double(bytes) / Double(max(1, limits.urgent.syncRate)))
        return SilenceWatch(most: silence, afterwards: min(silence + syncing, max(silence, limits.answer)))
    }

    func answered(_ dialler: Dialler) {
        state.withLock { if $0.urgent === dialler { $0.silence = limits.urgent.silence } }
    }

    func failed(_ dialler: Dialler, _ error: any Error) {
        let isLeft =
            error is SilenceWatch.Silent || [.timedOut, .unreachable].contains(DialFailure.tryLater(error).reason)
        guard isLeft else { return }
        state.withLock { state in
            if state.urgent === dialler {
                state.urgent = nil
                // Once for each client, however many requests were under way with it.
                if error is SilenceWatch.Silent {
                    state.silence = min(state.silence * 2, max(state.silence, limits.urgent.longestSilence))
                }
            }
            if state.ordinary === dialler { state.ordinary = Dialler(dial(false)) }
        }
    }

    func renew() {
        state.withLock { state in
            state.ordinary = Dialler(dial(false))
            state.urgent = nil
        }
    }

    func shutdown() async {
        let (ordinary, urgent) = state.withLock { ($0.ordinary, $0.urgent) }
        try? await ordinary.client.shutdown()
        try? await urgent?.client.shutdown()
    }
}

/// A client with its connections, closed when nobody uses it any more.
final class Dialler: Sendable {
    let client: HTTPClient

    init(_ client: HTTPClient) { self.client = client }

    /// The client traps when it goes without a shutdown; one that had its shutdown already only says so.
    deinit { client.shutdown { _ in } }
}

/// Has the kernel end a connection whose other end acknowledges nothing any more while we wait for its answer: tcp(7).
///
/// Not with TCP_USER_TIMEOUT: that also ends the connection to a partner that acknowledges and only reads slowly, as soon
/// as its window is closed for so long. What stands still while it goes out is left to `SilenceWatch`.
enum DeafConnection {
    /// What tcp(7) calls TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT.
    private static let (keepIdle, keepInterval, keepCount): (CInt, CInt, CInt) = (4, 5, 6)
    /// Seconds of rest after which the other end is asked, and between two questions; and how many go unanswered.
    private static let (rest, pause, questions) = (5, 2, 3)

    static func endSoon(_ channel: any Channel) -> EventLoopFuture<Void> {
        let options = [(keepIdle, rest), (keepInterval, pause), (keepCount, questions)]
        let set = options.map { name, value in
            channel.setOption(.tcpOption(NIOBSDSocket.Option(rawValue: name)), value: value)
        }
        return EventLoopFuture.andAllSucceed(
            set + [channel.setOption(.socketOption(.so_keepalive), value: 1)], on: channel.eventLoop)
    }
}
