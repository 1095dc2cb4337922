internal import AsyncHTTPClient
internal import NIOCore
internal import Synchronization

/// The body of one request under way: joins the task that seals with the event loop that sends, and lets at most
/// `window` chunks wait between them.
final class OutgoingBody: Sendable {
    /// The request is over, so nothing more need be produced.
    struct Over: Error {}

    private struct State {
        var writer: HTTPClient.Body.StreamWriter?
        var done: EventLoopPromise<Void>?
        var isOver = false
        var free: Int
        /// The one task that produces, while it waits for the connection or for room.
        var producer: CheckedContinuation<Void, Never>?
    }

    private static let chunk = 64 * 1024
    /// Where the request and everything about it runs.
    let loop: any EventLoop
    private let state: Mutex<State>

    init(on loop: any EventLoop, window: Int) {
        self.loop = loop
        self.state = Mutex(State(free: window))
    }

    /// Called by the client once a connection is ours.
    func begin(_ writer: HTTPClient.Body.StreamWriter) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let isOver = state.withLock { state in
            guard !state.isOver else { return true }
            (state.writer, state.done) = (writer, promise)
            return false
        }
        if isOver { promise.fail(Over()) }
        wake()
        return promise.futureResult
    }

    /// Sends one message, waiting while the window is full.
    func send(_ message: ArraySlice<UInt8>) async throws(Over) {
        var rest = message
        while !rest.isEmpty {
            let writer = try await room()
            let sent = writer.write(.byteBuffer(ByteBuffer(bytes: rest.prefix(Self.chunk))))
            rest = rest.dropFirst(Self.chunk)
            sent.whenComplete { result in
                switch result {
                case .success: self.giveBack()
                case .failure: self.end(with: Over())
                }
            }
        }
    }

    /// Ends the body: true to its end without an error, else the request fails with `error`. Only the first call counts.
    @discardableResult
    func end(with error: (any Error)? = nil) -> Bool {
        let (isFirst, done) = state.withLock { state in
            defer { (state.isOver, state.done) = (true, nil) }
            return (!state.isOver, state.done)
        }
        if let error { done?.fail(error) } else { done?.succeed(()) }
        wake()
        return isFirst
    }

    private func giveBack() {
        state.withLock { $0.free += 1 }
        wake()
    }

    private func wake() {
        let producer = state.withLock { state in
            defer { state.producer = nil }
            return state.producer
        }
        producer?.resume()
    }

    /// Takes one place in the window.
    private func room() async throws(Over) -> HTTPClient.Body.StreamWriter {
        while true {
            if let writer = try takePlace() { return writer }
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard !state.isOver, state.writer == nil || state.free == 0 else { return false }
                    state.producer = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        }
    }

    private func takePlace() throws(Over) -> HTTPClient.Body.StreamWriter? {
        try state.withLock { state throws(Over) in
            if state.isOver { throw Over() }
            guard let writer = state.writer, state.free > 0 else { return nil }
            state.free -= 1
            return writer
        }
    }
}
