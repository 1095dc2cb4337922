internal import NIOCore

/// Tells that bytes have come in, at its place in a pipeline: sealed before TLS, open behind it.
final class ByteWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let tell: () -> Void

    init(_ tell: @escaping () -> Void) { self.tell = tell }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        tell()
        context.fireChannelRead(data)
    }
}
