internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Transport

/// One accepted connection: TLS, the gate and HTTP/1.1, known to whoever answers its requests.
struct ConnectionChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let connection: Connection
        let http: HTTP1Channel.Value
        var channel: any Channel { http.channel }
    }

    /// Anew for each connection (`MutualTLS`).
    let context: @Sendable () throws -> NIOSSLContext
    let directory: any PeerDirectory
    let limits: CollectorLimits
    let connections: ConnectionLimits
    let answer: @Sendable @concurrent (Request, consuming ResponseWriter, Connection) async throws -> Void

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let connection = Connection(channel)
        let (http, limits, connections) = (self.http(for: connection), self.limits, self.connections)
        // Counted from its first moment: whoever floods us does not wait until we handle it.
        connections.enter(connection)
        channel.closeFuture.whenComplete { _ in connections.leave(connection) }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandlers([ByteWatch { connection.speak() }, try tls(for: connection)])
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let gate = ConnectionGate(connection, limits, connections)
            let tls = try pipeline.handler(type: NIOSSLServerHandler.self)
            try pipeline.addHandler(ByteWatch { gate.bytesCame() }, position: .after(tls))
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(gate, position: .after(decoder))
            return Value(connection: connection, http: value)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await http(for: value.connection).handle(value: value.http, logger: logger)
    }

    /// The callback replaces every check of BoringSSL; `PeerDirectory` makes all of them: issuer, role, dates,
    /// retirement.
    private func tls(for connection: Connection) throws -> NIOSSLServerHandler {
        let directory = self.directory
        return NIOSSLServerHandler(context: try context()) { certificates, promise in
            guard let leaf = try? certificates.first?.toDERBytes(), let peer = directory.peer(presenting: leaf) else {
                return promise.succeed(.failed)
            }
            connection.present(leaf, of: peer)
            promise.succeed(.certificateVerified)
        }
    }

    private func http(for connection: Connection) -> HTTP1Channel {
        let answer = self.answer
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headers, maxHeaderListSize: limits.headers, maxHeaderFieldCount: 64)
        return HTTP1Channel(
            responder: { request, writer, _ in try await answer(request, writer, connection) },
            configuration: .init(idleTimeout: TimeAmount(limits.idle), httpDecoderConfiguration: decoder))
    }
}
