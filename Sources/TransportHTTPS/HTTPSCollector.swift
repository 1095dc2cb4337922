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
    private let connections: ConnectionLimits
    private let ready = Ready()

    /// - Parameters:
    ///   - port: 0 takes any free one; `boundPort` tells which.
    ///   - keys: what each handshake presents; live connections keep theirs. Throws what BoringSSL has against them.
    package init(
        host: String, port: Int, keys: TLSKeys, directory: any PeerDirectory,
        limits: CollectorLimits = CollectorLimits(), budget: Budget = Budget(), log: Logger
    ) throws {
        self.host = host
        self.port = port
        self.directory = directory
        self.limits = limits
        connections = ConnectionLimits(budget)
        self.log = log
        self.keys = keys
        _ = try MutualTLS.server(keys.present)
    }

    /// Serves until the task is cancelled or a graceful shutdown begins; then no connection is left. Throws when the
    /// port cannot be bound.
    package func run(handler: some ArrivalHandler) async throws {
        // What the server itself says is about connections that end; what matters is logged by `RequestHandler`.
        var quiet = log
        quiet.logLevel = .critical
        let server = Server(
            childChannelSetup: channel(for: handler),
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
        let (proved, unproved) = (
            connections.budget.bounds[.connections].all, connections.budget.bounds[.handshakes].all
        )
        return Int(clamping: proved + unproved + 32)
    }

    private func channel(for handler: some ArrivalHandler) -> ConnectionChannel {
        let handler = RequestHandler(
            handler: handler, directory: directory, limits: limits, connections: connections, log: log)
        return ConnectionChannel(
            context: { [keys] in try MutualTLS.server(keys.present) }, directory: directory, limits: limits,
            connections: connections,
            answer: { request, writer, connection in try await handler.answer(request, writer, connection) })
    }

    /// The port, once we listen on it; nil if `run` ended before that.
    package var boundPort: Int? {
        get async { await ready.port }
    }

    /// Closes the live connections of one partner; returns how many. Call it once the directory has forgotten the
    /// partner, so that no new one is admitted.
    @discardableResult
    package func closeConnections(of partner: AgencyID) -> Int { connections.closeAll(of: partner) }
}
