import NIOCore
import NIOPosix
import Testing
import Transport
import TransportHTTPS

/// What a web server may answer where a time authority should be.
@Suite("The road to a time authority", .timeLimit(.minutes(5)))
struct HTTPTimeAuthorityTests {
    /// Answers every connection with the same bytes and closes it.
    private final class Canned: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let answer: String

        init(_ answer: String) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let channel = context.channel
            channel.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func answer(_ canned: String) async -> Result<[UInt8], TryLater> {
        do {
            let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Canned(canned))
                    }
                }.bind(host: "127.0.0.1", port: 0).get()
            let authority = HTTPTimeAuthority(url: "http://127.0.0.1:\(server.localAddress?.port ?? 0)/tsa")
            let result: Result<[UInt8], TryLater>
            do { result = .success(try await authority.stamp([1, 2, 3])) } catch { result = .failure(error) }
            await authority.shutdown()
            try await server.close()
            return result
        } catch {
            return .failure(TryLater(.ours, "\(error)"))
        }
    }

    private func page(_ status: String, _ type: String, _ body: String, _ more: String = "") -> String {
        "HTTP/1.1 \(status)\r\ncontent-type: \(type)\r\ncontent-length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
    }

    @Test(
        "its answer comes back as it is",
        arguments: ["application/timestamp-reply", "Application/Timestamp-Reply; x=y"])
    func honest(type: String) async throws {
        #expect(try await answer(page("200 OK", type, "token")).get() == Array("token".utf8))
    }

    @Test("what is no time authority's answer is not taken")
    func strange() async throws {
        let reply = "application/timestamp-reply"
        let strange = [
            page("200 OK", "text/html", "token"), page("404 Not Found", reply, "token"),
            page("500 Internal Server Error", reply, "token"), page("201 Created", reply, "token"),
            // Never followed, wherever it leads.
            page("302 Found", reply, "token", "location: http://127.0.0.1:1/\r\n"),
            page("200 OK", reply, String(repeating: "x", count: 65_537)),
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ntoken",
        ]
        for canned in strange {
            guard case .failure(let later) = await answer(canned) else {
                Issue.record("taken: \(canned.prefix(60))")
                continue
            }
            #expect(later.reason == .misunderstood, "\(later)")
        }
    }

    @Test("an answer that breaks off, or none, is a reason to try later")
    func broken() async throws {
        for canned in ["", "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\ntoken", "no HTTP at all\r\n\r\n"] {
            guard case .failure(let later) = await answer(canned) else {
                Issue.record("taken: \(canned)")
                continue
            }
            #expect(later.reason == .unreachable, "\(later)")
        }
        let nobody = HTTPTimeAuthority(url: "http://127.0.0.1:1/tsa")
        await #expect(throws: TryLater.self) { try await nobody.stamp([1]) }
        await nobody.shutdown()
    }
}
