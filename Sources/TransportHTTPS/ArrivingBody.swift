internal import HummingbirdCore
internal import NIOCore
internal import Transport

/// The body of one request as the handler reads it.
struct ArrivingBody: ArrivingBytes {
    private var chunks: RequestBody.AsyncIterator
    private let connection: Connection
    /// Which body of this connection it is, counting from 1.
    private let number: Int
    private(set) var isAtEnd = false
    private var isWanted = false

    init(_ body: RequestBody, of connection: Connection, number: Int) {
        self.chunks = body.makeAsyncIterator()
        self.connection = connection
        self.number = number
    }

    var cut: @Sendable () -> Void { { [connection, number] in connection.cut(number) } }

    func isUrgent() { connection.isUrgent(number) }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        guard !isAtEnd else { return false }
        guard let chunk = try await chunk() else {
            isAtEnd = connection.hasEnded(number)
            guard isAtEnd else { throw CutShort("the connection ended before the body did") }
            return false
        }
        try take(chunk.readableBytesSpan)
        return true
    }

    private mutating func chunk() async throws(CutShort) -> ByteBuffer? {
        if !isWanted {
            isWanted = true
            connection.channel.pipeline.fireUserInboundEventTriggered(BodyWanted(body: number))
        }
        do {
            let chunk = try await chunks.next(isolation: #isolation)
            if let chunk { connection.took(chunk.readableBytes) }
            return chunk
        } catch let cut as CutShort {
            throw cut
        } catch {
            throw CutShort("the connection broke")
        }
    }

    /// Reads on to the end and forgets what comes. False if more than `most` bytes are left or the road broke.
    mutating func drain(atMost most: Int) async -> Bool {
        var left = most
        while left >= 0 {
            let more = try? await next { left -= $0.byteCount }
            guard let more else { return false }
            if !more { return true }
        }
        return false
    }

    /// Everything, or nil if there are more than `most` bytes.
    mutating func collect(atMost most: Int) async throws(CutShort) -> [UInt8]? {
        var bytes: [UInt8] = []
        while let chunk = try await chunk() {
            guard bytes.count + chunk.readableBytes <= most else { return nil }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        guard connection.hasEnded(number) else { throw CutShort("the connection ended before the body did") }
        isAtEnd = true
        return bytes
    }
}
