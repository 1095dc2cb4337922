internal import NIOCore
internal import NIOHTTP1
internal import Transport

/// Guards one connection from inside its pipeline: handshake in time, bodies at the minimum rate, an end when we stop,
/// and no endless listening after an early answer.
///
/// It stands behind the HTTP decoder, so it sees every head, body and end before the task that answers does.
final class ConnectionGate: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let visitor: Visitor
    private let limits: CollectorLimits
    private let openedAt = ContinuousClock.now
    /// Not nil while the body of a request is coming in.
    private var meter: RateMeter?
    private var bodies = 0
    /// When a connection that was answered early, or cut, is closed at the latest.
    private var closesAt: ContinuousClock.Instant?
    private var isCut = false
    private var cutsAt: ContinuousClock.Instant?
    private var timer: Scheduled<Void>?

    init(_ visitor: Visitor, _ limits: CollectorLimits) {
        self.visitor = visitor
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) { watch(context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            bodies += 1
            meter = RateMeter(limits.minimumRate, askedAt: .now)
        case .body(let buffer): meter?.receive(buffer.readableBytes, at: .now)
        case .end:
            visitor.bodyEnded()
            meter = nil
            if !isCut { closesAt = nil }
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        meter?.ask(at: .now)
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), meter != nil { closesAt = .now + limits.linger }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { cutsAt = .now + limits.stopGrace }
        if let request = event as? CutRequest, request.body == bodies, meter != nil, !isCut {
            return cut(context, "the same consignment arrives over a newer connection")
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Looks at the clock twice a second: a timer for each request would cost more than the request's own work.
    private func watch(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(500)) { [weak self] in
            self?.look(context)
            self?.watch(context)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        let now = ContinuousClock.now
        if visitor.leaf == nil, now - openedAt > limits.handshake { return context.close(promise: nil) }
        if let closesAt, now > closesAt { return context.close(promise: nil) }
        guard let meter, closesAt == nil else { return }
        if let cutsAt, now > cutsAt {
            cut(context, "this end is stopping")
        } else if meter.isTooSlow(at: now) {
            cut(context, "the bytes came more slowly than the minimum rate")
        }
    }

    /// Ends the body for whoever reads it; the answer still goes out, and the connection goes soon after.
    private func cut(_ context: ChannelHandlerContext, _ why: String) {
        isCut = true
        closesAt = .now + limits.linger
        context.fireErrorCaught(CutShort(why))
    }
}
