import NIOCore
import NIOPosix
import Synchronization

/// Stands between a courier and a collector and, when told, lets nothing more through in one direction: the connections
/// stay open, as those do that a firewall on the way has forgotten.
final class OneWayProxy: Sendable {
    enum Direction: Hashable { case toCollector, toCourier }

    private struct State {
        var connections = 0
        /// Up to which connection nothing comes through.
        var deaf: [Direction: Int] = [:]
        var port = 0
        var listener: (any Channel)?
    }

    private let state = Mutex(State())
    var connections: Int { state.withLock { $0.connections } }
    var port: Int { state.withLock { $0.port } }

    init(to target: Int) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { courier in self.join(courier, target) }
            .bind(host: "127.0.0.1", port: 0).get()
        state.withLock { ($0.listener, $0.port) = (listener, listener.localAddress?.port ?? 0) }
    }

    /// All connections there are now; later ones are well.
    func deafen(_ direction: Direction) { state.withLock { $0.deaf[direction] = $0.connections } }

    func close() async throws { try await state.withLock { $0.listener }?.close().get() }

    private func join(_ courier: any Channel, _ target: Int) -> EventLoopFuture<Void> {
        let number = state.withLock { state in
            state.connections += 1
            return state.connections
        }
        return ClientBootstrap(group: courier.eventLoop).connect(host: "127.0.0.1", port: target).flatMap { collector in
            let there = courier.pipeline.addHandler(Pipe(to: collector) { self.isDeaf(.toCollector, number) })
            let back = collector.pipeline.addHandler(Pipe(to: courier) { self.isDeaf(.toCourier, number) })
            return there.and(back).map { _ in }
        }
    }

    private func isDeaf(_ direction: Direction, _ number: Int) -> Bool {
        state.withLock { number <= $0.deaf[direction] ?? 0 }
    }
}

private final class Pipe: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let isDeaf: @Sendable () -> Bool

    init(to other: any Channel, isDeaf: @escaping @Sendable () -> Bool) { (self.other, self.isDeaf) = (other, isDeaf) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isDeaf() { other.writeAndFlush(unwrapInboundIn(data), promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDeaf() { other.close(promise: nil) }
    }
}
