internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Asks the running daemon. One request a connection: a command lives no longer than that.
package struct ControlClient: Sendable {
    /// Why there is no answer.
    package enum Failure: Error, Hashable, Sendable {
        /// Nobody listens on the socket: the daemon is not running.
        case notRunning
        /// The socket is not ours to use.
        case notAllowed
        /// The daemon answered something else than 200.
        case misunderstood
    }

    private let url: String

    /// - Parameter socket: an absolute path.
    package init(socket: String) {
        let unreserved = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
        let host = socket.utf8.map { byte in
            unreserved.contains(byte) ? String(UnicodeScalar(byte)) : "%" + Self.hex(byte)
        }
        url = "http+unix://" + host.joined() + ControlServer.path
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    /// Sends JSON and returns the daemon's JSON.
    package func ask(_ request: [UInt8]) async throws(Failure) -> [UInt8] {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(5), read: .seconds(60)))
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        let answer = await Self.post(request, to: url, with: client)
        try? await client.shutdown()
        return try answer.get()
    }

    private static func post(_ body: [UInt8], to url: String, with client: HTTPClient) async -> Result<[UInt8], Failure>
    {
        do {
            let request = try HTTPClient.Request(url: url, method: .POST, body: .byteBuffer(ByteBuffer(bytes: body)))
            let reply = try await client.execute(request: request).get()
            guard reply.status == .ok, let answer = reply.body else { return .failure(.misunderstood) }
            return .success(Array(answer.readableBytesView))
        } catch let error as IOError where error.errnoCode == EACCES {
            return .failure(.notAllowed)
        } catch {
            return .failure(.notRunning)
        }
    }
}
