internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
package import Transport

/// A time authority on the web (RFC 3161, 3.4): one POST, one answer. Over https with the machine's ordinary web trust;
/// plain http is as good, because a token proves itself and the request holds nothing but a digest.
package final class HTTPTimeAuthority: TimeAuthority {
    private static let query = "application/timestamp-query"
    private static let reply = "application/timestamp-reply"
    /// Bytes.
    private static let greatestReply = 65_536

    private let url: String
    private let client: HTTPClient

    /// - Parameter url: `http://` or `https://`, as the settings were read.
    package init(url: String) {
        self.url = url
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: .seconds(20)),
            connectionPool: .init(idleTimeout: .seconds(5)), proxy: nil, decompression: .disabled)
        // Retrying is the timestamper's: it must see the first failure and its reason.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    package func stamp(_ request: [UInt8]) async throws(TryLater) -> [UInt8] {
        let answer: HTTPClient.Response
        do { answer = try await post(request) } catch {
            throw Task.isCancelled ? DialFailure.stopped : Self.tryLater(error)
        }
        let mediaType = answer.headers.first(name: "content-type")?.split(separator: ";").first?.lowercased()
        guard answer.status == .ok else { throw Self.strange("it answers \(answer.status.code)") }
        guard mediaType == Self.reply else { throw Self.strange("its answer is not \(Self.reply)") }
        return answer.body.map { Array($0.readableBytesView) } ?? []
    }

    private func post(_ request: [UInt8]) async throws -> HTTPClient.Response {
        var post = try HTTPClient.Request(url: url, method: .POST, body: .bytes(request))
        post.headers.add(name: "content-type", value: Self.query)
        let reader = ResponseAccumulator(request: post, maxBodySize: Self.greatestReply)
        let task = client.execute(
            request: post, delegate: reader, deadline: .now() + .seconds(30))
        return try await withTaskCancellationHandler {
            try await task.get()
        } onCancel: {
            task.cancel()
        }
    }

    package func shutdown() async { try? await client.shutdown() }

    /// The client traps when it goes without a shutdown; one that had its shutdown already only says so.
    deinit { client.shutdown { _ in } }

    private static func tryLater(_ error: any Error) -> TryLater {
        switch error {
        case is ResponseAccumulator.ResponseTooBigError: strange("its answer is larger than 64 KiB")
        case is NIOSSLError, is BoringSSLError:
            TryLater(
                .notTrusted,
                "The time authority's web certificate is not trusted here: see timestamps.authority and ca-certificates."
            )
        case let error as HTTPClientError
        where [.readTimeout, .writeTimeout, .deadlineExceeded, .connectTimeout, .tlsHandshakeTimeout].contains(error):
            TryLater(.timedOut, "The time authority took too long; check its address and the network.")
        default:
            TryLater(
                .unreachable, "The time authority cannot be reached; check timestamps.authority, network and firewalls."
            )
        }
    }

    private static func strange(_ how: String) -> TryLater {
        TryLater(
            .misunderstood, "What answers at timestamps.authority is no time authority: \(how). Check the address.")
    }
}
