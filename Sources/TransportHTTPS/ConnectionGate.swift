internal import NIOCore
internal import NIOHTTP1
internal import NIOTLS
internal import Transport

/// Guards one connection from inside its pipeline: handshake and heads in time, bodies at the minimum rate and not read ahead
/// of who takes them, answers that are read, an end when we stop, and no endless listening after an early answer.
///
/// It stands behind the HTTP decoder, so it sees every head, body and end before the task that answers does.
final class ConnectionGate: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: Connection
    private let limits: CollectorLimits
    private let connections: ConnectionLimits
    private let openedAt = ContinuousClock.now
    /// When the first byte of a head came that is not complete.
    private var headSince: ContinuousClock.Instant?
    /// Since when nothing leaves although something should.
    private var deafSince: ContinuousClock.Instant?
    private var isLastRequest = false
    /// A read was asked for and is held back.
    private var owesRead = false
    /// Not nil while the body of a request is coming in.
    private var meter: RateMeter?
    private var bodies = 0
    /// The body of this request waits for our word (`Expect: 100-continue`, RFC 9110 section 10.1.1).
    private var owesContinue = false
    /// When a connection that was answered early, or cut, is closed at the latest.
    private var closesAt: ContinuousClock.Instant?
    private var isCut = false
    private var cutsAt: ContinuousClock.Instant?
    private var timer: Scheduled<Void>?

    init(_ connection: Connection, _ limits: CollectorLimits, _ connections: ConnectionLimits) {
        self.connection = connection
        self.limits = limits
        self.connections = connections
    }

    /// Called before the decoder sees them.
    func bytesCame() {
        if meter == nil, headSince == nil { headSince = .now }
    }

    func handlerAdded(context: ChannelHandlerContext) { watch(context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            bodies += 1
            headSince = nil
            isLastRequest = head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
            connection.headCame()
            meter = RateMeter(limits.minimumRate, askedAt: .now)
            owesContinue =
                head.version == .http1_1
                && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
        case .body(let buffer):
            owesContinue = false
            connection.came(buffer.readableBytes)
            meter?.receive(buffer.readableBytes, at: .now)
        case .end:
            owesContinue = false
            connection.bodyEnded()
            meter = nil
            if !isCut, !isLastRequest { closesAt = nil }
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if meter != nil, closesAt == nil, connection.holdsBack(beyond: limits.ahead) {
            owesRead = true
            return
        }
        owesRead = false
        meter?.ask(at: .now)
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        // Answered early: what follows is this answer's end, or belongs to the next request.
        if case .head = part { owesContinue = false }
        guard case .end = part else { return context.write(data, promise: promise) }
        if meter != nil {
            closesAt = .now + limits.linger
        } else if isLastRequest {
            closesAt = .now + limits.deaf
        }
        context.write(data, promise: promise)
        if connection.answered(), owesRead { read(context: context) }
    }

    /// What cannot be a request is answered by others; here its connection is closed, whatever else it still sends.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError { (isCut, closesAt) = (true, .now + limits.linger) }
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent, !connections.prove(connection) {
            return context.close(promise: nil)
        }
        if event is ReadOn {
            if owesRead { read(context: context) }
            return
        }
        if let wanted = event as? BodyWanted { return askForBody(wanted, context) }
        if event is ChannelShouldQuiesceEvent { cutsAt = .now + limits.stopGrace }
        if let request = event as? CutRequest, request.body == bodies, meter != nil, !isCut {
            return cut(context, "the same consignment arrives over a newer connection")
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Only once somebody wants the body: who is refused by the head alone sends nothing of it.
    private func askForBody(_ wanted: BodyWanted, _ context: ChannelHandlerContext) {
        guard owesContinue, wanted.body == bodies else { return }
        owesContinue = false
        context.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
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
        if isTooLate(now) || isDeaf(context, now) { return context.close(promise: nil) }
        guard let meter, closesAt == nil else { return }
        if let cutsAt, now > cutsAt {
            cut(context, "this end is stopping")
        } else if meter.isTooSlow(at: now) {
            cut(context, "the bytes came more slowly than the minimum rate")
        }
    }

    private func isTooLate(_ now: ContinuousClock.Instant) -> Bool {
        if !connection.isProved, now - openedAt > limits.handshake { return true }
        // While we answer the request before, what follows waits for us.
        if let headSince, connection.isResting, now - headSince > limits.head { return true }
        return closesAt.map { now > $0 } ?? false
    }

    private func isDeaf(_ context: ChannelHandlerContext, _ now: ContinuousClock.Instant) -> Bool {
        deafSince = context.channel.isWritable ? nil : deafSince ?? now
        return deafSince.map { now - $0 > limits.deaf } ?? false
    }

    /// Ends the body for whoever reads it; the answer still goes out, and the connection goes soon after.
    private func cut(_ context: ChannelHandlerContext, _ why: String) {
        isCut = true
        closesAt = .now + limits.linger
        context.fireErrorCaught(CutShort(why))
    }
}
