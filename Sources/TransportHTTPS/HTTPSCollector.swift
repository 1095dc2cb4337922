internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
package import Transport
package import Vocabulary

/// Takes arrivals over mutual TLS 1.3.
///
/// Who may come in: whoever presents a certificate that `directory` knows, at the handshake and again at every request.
/// `PeerDirectory.peer(presenting:)` is therefore asked once a request and should be a look-up, not a verification.
package final class HTTPSCollector: Collector {
    private let host: String
    private let port: Int
    private let directory: any PeerDirectory
    private let limits: CollectorLimits
    private let log: Logger
    private let keys: TLSKeys
    private let book: ConnectionLimits
    private let ready = Ready()

    /// - Parameter port: 0 takes any free one; `boundPort` tells which.
    package init(
        host: String, port: Int, credentials: TLSCredentials, directory: any PeerDirectory,
        limits: CollectorLimits = CollectorLimits(), budget: Budget = Budget(), log: Logger
    ) throws {
        self.host = host
        self.port = port
        self.directory = directory
        self.limits = limits
        book = ConnectionLimits(budget)
        self.log = log
        _ = try MutualTLS.server(credentials)
        keys = TLSKeys(credentials)
    }

    /// Serves until the task is cancelled or a graceful shutdown begins; then no connection is left. Throws when the
    /// port cannot be bound.
    package func run(desk: some ArrivalHandler) async throws {
        // What the server itself says is about connections that end; what matters is logged by `RequestHandler`.
        var quiet = log
        quiet.logLevel = .critical
        let server = Server(
            childChannelSetup: channel(for: desk),
            configuration: ServerConfiguration(
                address: .hostname(host, port: port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(most, logger: log)),
            onServerRunning: { [ready] channel in ready.open(port: channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
        defer { ready.close() }
        try await server.run()
    }

    /// A last resort for descriptors: those that had to make room are here until they are closed.
    private var most: Int {
        let (proved, unproved) = (book.budget.bounds[.connections].all, book.budget.bounds[.handshakes].all)
        return Int(clamping: proved + unproved + 32)
    }

    private func channel(for desk: some ArrivalHandler) -> ConnectionChannel {
        let reception = RequestHandler(desk: desk, directory: directory, limits: limits, book: book, log: log)
        return ConnectionChannel(
            context: { [keys] in try MutualTLS.server(keys.present) }, directory: directory, limits: limits, book: book,
            answer: { request, writer, visitor in try await reception.answer(request, writer, visitor) })
    }

    /// The port, once we listen on it; nil if `run` ended before that.
    package var boundPort: Int? {
        get async { await ready.port }
    }

    /// New handshakes present this certificate; live connections keep theirs. Throws what BoringSSL has against the key.
    package func present(_ credentials: TLSCredentials) throws {
        _ = try MutualTLS.server(credentials)
        keys.replace(credentials)
    }

    /// Closes the live connections of one partner; returns how many. Call it once the directory has forgotten the
    /// partner, so that no new one is admitted.
    @discardableResult
    package func closeConnections(of partner: AgencyID) -> Int { book.closeAll(of: partner) }
}
