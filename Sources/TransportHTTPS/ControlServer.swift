internal import FoundationEssentials
internal import Glibc
internal import HTTPTypes
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix

/// The daemon's ear for the `waybill` command: HTTP on a Unix socket, one route, JSON in and out.
///
/// Who may come is decided by the folder of the socket and its mode 0660; who came is told by the kernel.
package struct ControlServer: Sendable {
    package typealias Handler = @Sendable (ControlCaller, [UInt8]) async -> [UInt8]

    static let path = "/v1/control"
    static let greatestRequest = 1 << 20

    private let socket: String
    private let log: Logger
    private let handler: Handler

    package init(socket: String, log: Logger, handler: @escaping Handler) {
        self.socket = socket
        self.log = log
        self.handler = handler
    }

    /// Serves until cancelled or gracefully shut down. A socket left by a dead daemon is replaced.
    package func run(onReady: @escaping @Sendable () async -> Void = {}) async throws {
        let (socket, handler) = (self.socket, self.handler)
        var quiet = log
        quiet.logLevel = .critical
        let server = Server(
            childChannelSetup: HTTP1Channel(
                responder: { try await Self.answer($0, $1, $2, handler) },
                configuration: .init(idleTimeout: .seconds(60))),
            configuration: ServerConfiguration(address: .unixDomainSocket(path: socket)),
            onServerRunning: { _ in
                try? FileManager.default.setAttributes([.posixPermissions: 0o660], ofItemAtPath: socket)
                await onReady()
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
        defer { try? FileManager.default.removeItem(atPath: socket) }
        try await server.run()
    }

    @concurrent private static func answer(
        _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel, _ handler: Handler
    ) async throws {
        guard request.method == .post, request.uri.path == path else {
            return try await writer.writeResponse(HTTPResponse(status: .notFound, headerFields: [.contentLength: "0"]))
        }
        guard let caller = await caller(on: channel) else {
            return try await writer.writeResponse(HTTPResponse(status: .forbidden, headerFields: [.contentLength: "0"]))
        }
        let body = try await request.body.collect(upTo: greatestRequest)
        let answer = ByteBuffer(bytes: await handler(caller, Array(body.readableBytesView)))
        let fields: HTTPFields = [.contentType: Wire.json, .contentLength: String(answer.readableBytes)]
        try await writer.write(
            response: HTTPResponse(status: .ok, headerFields: fields), body: ResponseBody(byteBuffer: answer))
    }

    /// Nil when the kernel does not say.
    private static func caller(on channel: any Channel) async -> ControlCaller? {
        guard let options = channel as? any SocketOptionProvider else { return nil }
        let name = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        // Three 32-bit numbers, pid, uid and gid, as `struct ucred`, which Glibc does not import.
        let future: EventLoopFuture<(Int32, UInt32, UInt32)> = options.unsafeGetSocketOption(
            level: .socket, name: name)
        guard let (pid, uid, gid) = try? await future.get() else { return nil }
        return ControlCaller(pid: pid, uid: uid, gid: gid)
    }
}
