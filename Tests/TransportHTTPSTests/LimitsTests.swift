import ExchangeTesting
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing
import Transport
import TransportHTTPS
import Vocabulary

@Suite("Limits of the collector", .timeLimit(.minutes(5)))
struct LimitsTests {
    private let handler = TransportTestHandler()

    @Test("a body slower than the minimum rate is cut")
    func slowBody() async throws {
        var rig = HTTPSRig()
        rig.limits.minimumRate = MinimumRate(bytes: 64 * 1024, per: .seconds(1))
        try await rig.around(handler) { courier in
            let answer = try await courier.carry(StallingParcel(at: 2, for: .seconds(20)), from: 1)
            // Either our answer came through, or the close did before it.
            #expect([.timedOut, .unreachable].contains(answer.later?.reason))
            #expect(handler.cutShort == ["the bytes came more slowly than the minimum rate"])
        }
    }

    @Test("time that our own handler takes is not held against the sender")
    func slowDesk() async throws {
        var rig = HTTPSRig()
        rig.limits.minimumRate = MinimumRate(bytes: 64 * 1024, per: .seconds(4))
        handler.manner = .slow(.seconds(5))
        try await rig.around(handler) { courier in
            async let answer = courier.carry(TransportTestParcel(parts: 20), from: 1)
            try await Task.sleep(for: .seconds(11))
            handler.manner = .receipts
            let said = try await answer
            #expect(said.isReceipt)
        }
    }

    @Test("more arrivals than allowed at a time are answered busy")
    func tooMany() async throws {
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.arrivals].each = 2 })
        handler.manner = .slow(.milliseconds(200))
        try await rig.around(handler) { courier in
            let answers = try await withThrowingTaskGroup(of: CarryAnswer.self) { group in
                for _ in 0..<8 { group.addTask { try await courier.carry(TransportTestParcel(parts: 1), from: 1) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(handler.mostAtOnce == 2)
            #expect(answers.count { $0.later?.reason == .busy } == 8 - handler.arrivals.count)
            #expect(handler.arrivals.count >= 2)
        }
    }

    @Test("an endless body ends with the handler's refusal")
    func endless() async throws {
        handler.manner = .refusesAfter(3 << 20)
        try await HTTPSRig().around(handler) { courier in
            let parcel = StallingParcel(at: .max, for: .zero)
            let answer = try await courier.carry(parcel, from: 1)
            #expect(answer.isRefusal)
        }
    }

    @Test("a receipt known before a long body ends is fetched instead")
    func seeOther() async throws {
        let parcel = TransportTestParcel(parts: 400)
        handler.know(parcel.id, as: .receipt(TransportTestHandler.receipt(for: parcel.id)))
        try await HTTPSRig().around(handler) { courier in
            let answer = try await courier.carry(parcel, from: 1)
            #expect(answer.isReceipt)
            #expect(parcel.produced.count < 400)
        }
    }

    @Test("nobody listening is unreachable")
    func nobody() async throws {
        let all = try TestAgencies.all()
        let courier = try HTTPSRig().courier(as: all.police, to: all.council, port: 1, TestDirectory(all.council))
        let answer = try await courier.carry(TransportTestParcel(parts: 0), from: 1)
        #expect(answer.later?.reason == .unreachable)
        await courier.shutdown()
    }

    @Test("a body that ends with the connection is cut short, not delivered")
    func truncated() async throws {
        let rig = HTTPSRig()
        let id = TransportTestParcel(parts: 0).id
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let bodies = [
                (5, "content-length: 100\r\n\r\nshort"), (6, "transfer-encoding: chunked\r\n\r\n6\r\nchunks\r\n"),
            ]
            for (count, framing) in bodies {
                let head = "PUT /v1/consignments/\(id) HTTP/1.1\r\nhost: x\r\n"
                try await rig.hangUp(port, after: head + framing) { [handler] in handler.bytesSeen >= count }
            }
            try await eventually { handler.cutShort.count == 2 }
            #expect(handler.arrivals.isEmpty)
        }
    }

    @Test(
        "requests that mean nothing are answered with a problem",
        arguments: [
            ("PUT /v1/consignments/..%2f..%2fetc", 400), ("PUT /v1/consignments/", 400),
            ("GET /v1/consignments/x", 400),
            ("PUT /v1/consignments/01988f3c-0000-7000-8000-000000000000?from=0", 400),
            ("PUT /v1/consignments/01988f3c-0000-7000-8000-000000000000?from=+2", 400),
            ("PUT /v1/consignments/01988f3c-0000-7000-8000-000000000000?to=3", 400),
            ("GET /v1/../v1/card", 404), ("POST /v1/sign-subtree", 404), ("DELETE /v1/card", 404),
        ])
    func meaningless(_ line: String, _ status: Int) async throws {
        let rig = HTTPSRig()
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let said = try await rig.talk(
                port, "\(line) HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            #expect(said.contains("HTTP/1.1 \(status) "))
            #expect(said.contains("application/problem+json"))
        }
    }

    @Test("headers and statements have a greatest size")
    func greatestSizes() async throws {
        let rig = HTTPSRig()
        try await rig.around(handler) { courier in
            let later = await courier.post(statement: [UInt8](repeating: 0x30, count: 256 * 1024 + 1), about: nil)
            #expect(later != nil)
            #expect(handler.statements.isEmpty)
        }
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let long = String(repeating: "a", count: 20_000)
            let said = try await rig.talk(
                port, "GET /v1/card HTTP/1.1\r\nhost: x\r\nx: \(long)\r\nconnection: close\r\n\r\n")
            #expect(!said.contains("HTTP/1.1 200"))
        }
    }

    @Test("a connection that never shakes hands is closed")
    func silent() async throws {
        var rig = HTTPSRig()
        rig.limits.handshake = .seconds(1)
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            // Nothing else would ever close it: the test's own time limit is the threshold.
            try await channel.closeFuture.get()
        }
    }

    @Test("stopping gracefully ends a long arrival and leaves no connection")
    func stopping() async throws {
        var rig = HTTPSRig()
        rig.limits.stopGrace = .seconds(1)
        let all = try TestAgencies.all()
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let collector = try HTTPSCollector(
            host: "127.0.0.1", port: 0, keys: TLSKeys(all.council.credentials), directory: TestDirectory(all.police),
            limits: rig.limits, log: log)
        let services = ServiceGroup(services: [Running(collector: collector, handler: handler)], logger: log)
        async let running: Void = services.run()
        let port = try #require(await collector.boundPort)
        let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
        async let answer = courier.carry(StallingParcel(at: 2, for: .seconds(8)), from: 1)
        try await eventually { handler.bytesSeen > 0 }
        await services.triggerGracefulShutdown()
        try await running
        #expect(handler.cutShort == ["this end is stopping"])
        let said = try await answer
        #expect(said.later?.reason != nil)
        await courier.shutdown()
    }

    @Test("a collector that is cancelled does not make a half body look whole")
    func cancelled() async throws {
        let rig = HTTPSRig()
        let all = try TestAgencies.all()
        let parcel = StallingParcel(at: 2, for: .seconds(20))
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
                let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
                group.addTask {
                    let answer = try await courier.carry(parcel, from: 1)
                    #expect(answer.later != nil)
                    await courier.shutdown()
                }
                try await eventually { handler.bytesSeen >= 2 << 20 }
            }
            try await group.waitForAll()
        }
        #expect(handler.arrivals.isEmpty)
        #expect(handler.cutShort.count == 1)
    }

    @Test("a newer connection cuts an older arrival of the same consignment")
    func cut() async throws {
        let handler = CuttingHandler()
        let rig = HTTPSRig()
        let all = try TestAgencies.all()
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            let answer = try await courier.carry(StallingParcel(at: 2, for: .seconds(5)), from: 1)
            await courier.shutdown()
            #expect(answer.later?.reason == .timedOut)
            #expect(handler.why == "the same consignment arrives over a newer connection")
        }
    }

    @Test("two partners' couriers work side by side")
    func twoClients() async throws {
        let rig = HTTPSRig()
        let all = try TestAgencies.all()
        try await rig.collecting(handler, TestDirectory(all.police, all.stranger)) { _, port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in [all.police, all.stranger] {
                    group.addTask {
                        let council = TestDirectory(all.council)
                        let courier = try rig.courier(as: sender, to: all.council, port: port, council)
                        for _ in 0..<20 {
                            let answer = try await courier.carry(TransportTestParcel(parts: 1), from: 1)
                            #expect(answer.isReceipt)
                        }
                        await courier.shutdown()
                    }
                }
                try await group.waitForAll()
            }
            #expect(handler.arrivals.count { $0.peer == all.police.id } == 20)
            #expect(handler.arrivals.count { $0.peer == all.stranger.id } == 20)
        }
    }
}

/// A collector as the daemon runs it.
private struct Running: Service {
    let collector: HTTPSCollector
    let handler: TransportTestHandler

    func run() async throws { try await collector.run(handler: handler) }
}
