import ExchangeTesting
import Foundation
import Testing
import Transport
import TransportHTTPS

@Suite("Who may come in", .timeLimit(.minutes(5)))
struct WhoMayComeTests {
    private let handler = TransportTestHandler()
    private let rig = HTTPSRig()
    private static let card = "GET /v1/card HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"

    @Test("a partner may speak TLS 1.3 with any tool")
    func control() async throws {
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let said = try await rig.talk(port, Self.card, ["-tls1_3"])
            #expect(said.contains("HTTP/1.1 200 OK"))
            #expect(said.contains("application/cms"))
        }
    }

    @Test("a client without a certificate is refused")
    func noCertificate() async throws {
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let said = try await rig.tlsClient(port, Self.card)
            #expect(!said.contains("HTTP/1.1"))
            #expect(said.contains("certificate required"))
        }
    }

    @Test("a client that speaks TLS 1.2 only is refused")
    func tls12() async throws {
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let said = try await rig.talk(port, Self.card, ["-tls1_2"])
            #expect(!said.contains("HTTP/1.1"))
            #expect(said.contains("alert protocol version"))
        }
    }

    @Test("a session is never resumed: every connection presents its certificate")
    func resumption() async throws {
        let session = "/tmp/waybill-session-\(UInt64.random(in: 0...UInt64.max))"
        defer { try? FileManager.default.removeItem(atPath: session) }
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            _ = try await rig.talk(port, Self.card, ["-sess_out", session])
            let said = try await rig.talk(port, Self.card, ["-sess_in", session])
            #expect(FileManager.default.fileExists(atPath: session))
            #expect(!said.contains("Reused, TLSv1.3"))
            #expect(said.contains("HTTP/1.1 200"))
        }
    }

    @Test("whoever waits for our word before a body gets it once the body is wanted, and only then")
    func expectation() async throws {
        let id = TransportTestParcel(parts: 0).id
        let end = "expect: 100-continue\r\nconnection: close\r\ncontent-length:"
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { [handler] _, port in
            // The body is never sent, so whatever reads it waits for it, and asks for it first.
            let put = "PUT /v1/consignments/\(id) HTTP/1.1\r\nhost: x\r\n\(end) 5\r\n\r\n"
            let said = try await rig.hangUp(port, after: put, orSaid: "100 Continue")
            #expect(said.contains("HTTP/1.1 100 Continue\r\n"))
            try await eventually { handler.cutShort.count == 1 }
            let refused = try await rig.talk(port, "PUT /v1/consignments/ HTTP/1.1\r\nhost: x\r\n\(end) 5\r\n\r\n")
            #expect(refused.contains("HTTP/1.1 400 ") && !refused.contains("100 Continue"))
        }
    }

    @Test("an unknown identity is refused and told so")
    func stranger() async throws {
        let all = try TestAgencies.all()
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try rig.courier(as: all.stranger, to: all.council, port: port, TestDirectory(all.council))
            let answer = try await courier.carry(TransportTestParcel(parts: 1), from: 1)
            await courier.shutdown()
            #expect(answer.later?.reason == .notTrusted)
            #expect(answer.later?.explanation.contains("our certificate") == true)
            #expect(handler.arrivals.isEmpty)
        }
    }

    @Test("a partner removed meanwhile is refused on the connection that it still holds")
    func removed() async throws {
        let all = try TestAgencies.all()
        let directory = TestDirectory(all.police)
        try await rig.collecting(handler, directory) { _, port in
            let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            let before = try await courier.carry(TransportTestParcel(parts: 0), from: 1)
            #expect(before.isReceipt)
            directory.forget(all.police.id)
            let answer = try await courier.carry(TransportTestParcel(parts: 0), from: 1)
            await courier.shutdown()
            #expect(answer.later?.reason == .notTrusted)
            #expect(handler.arrivals.count == 1)
        }
    }

    @Test("closing a partner's connections ends an arrival under way")
    func closed() async throws {
        let all = try TestAgencies.all()
        let directory = TestDirectory(all.police)
        handler.manner = .slow(.milliseconds(100))
        try await rig.collecting(handler, directory) { collector, port in
            let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            async let answer = courier.carry(TransportTestParcel(parts: 30), from: 1)
            try await eventually { handler.bytesSeen > 0 }
            directory.forget(all.police.id)
            #expect(collector.closeConnections(of: all.police.id) == 1)
            handler.manner = .receipts
            let said = try await answer
            #expect(said.later != nil)
            try await eventually { handler.cutShort.count == 1 }
            await courier.shutdown()
            #expect(handler.arrivals.isEmpty)
        }
    }

    @Test("a dialler refuses a server under another identity than the pinned one")
    func wrongIdentity() async throws {
        let all = try TestAgencies.all()
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try rig.courier(as: all.police, to: all.stranger, port: port, TestDirectory(all.stranger))
            let answer = await courier.enquire(TransportTestParcel(parts: 0).id)
            await courier.shutdown()
            #expect(answer.later?.reason == .notTrusted)
            #expect(answer.later?.explanation.contains("identity that we pinned") == true)
        }
    }

    @Test("a dialler refuses a certificate of the right identity that the directory does not know")
    func retiredServer() async throws {
        let all = try TestAgencies.all()
        let directory = TestDirectory(all.council)
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try rig.courier(as: all.police, to: all.council, port: port, directory)
            directory.forget(all.council.id)
            let answer = await courier.enquire(TransportTestParcel(parts: 0).id)
            await courier.shutdown()
            #expect(answer.later?.reason == .notTrusted)
            #expect(answer.later?.explanation.contains("retired") == true)
        }
    }

    @Test("after rotation new handshakes present the new certificate")
    func rotation() async throws {
        let all = try TestAgencies.all()
        let keys = TLSKeys(all.council.credentials)
        try await rig.collecting(handler, TestDirectory(all.police), presenting: keys) { _, port in
            try keys.replace(all.stranger.credentials)
            let courier = try rig.courier(as: all.police, to: all.stranger, port: port, TestDirectory(all.stranger))
            let answer = await courier.enquire(TransportTestParcel(parts: 0).id)
            await courier.shutdown()
            #expect(answer.isUnknown)
        }
    }
}
