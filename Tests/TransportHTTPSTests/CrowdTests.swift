import ExchangeTesting
import NIOCore
import NIOPosix
import Testing
import Transport
import TransportHTTPS
import Vocabulary

/// One who takes all that it can get, without a certificate or with one, and a partner who is served meanwhile.
@Suite("A crowd at the door", .timeLimit(.minutes(5)))
struct CrowdTests {
    private let handler = TransportTestHandler()

    @Test("connections that prove nothing make room for each other, and keep no partner out")
    func idle() async throws {
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.handshakes] = Budget.Bound(each: 4, all: 8) })
        let budget = rig.budget
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            var crowd: [any Channel] = []
            for _ in 0..<40 { crowd.append(try await Self.dial(port)) }
            try await eventually { budget.over().keys.contains { "\($0)" == "127.0.0.1" } }
            try await eventually { budget.held(.handshakes) <= 4 }
            try await Self.isServed(rig, TestAgencies.all().police, port)
            for one in crowd { try? await one.close() }
            try await eventually { budget.held(.handshakes) == 0 }
        }
    }

    @Test("a head that does not end is not waited for")
    func slowHead() async throws {
        var rig = HTTPSRig()
        rig.limits.head = .seconds(1)
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            // It returns when the other end hangs up: the suite's limit is the threshold.
            try await rig.talk(port, "GET /v1/card HTTP/1.1\r\nhost: x\r\nx: ")
        }
    }

    @Test("a head that is too large is answered, and its connection ends although the other end goes on")
    func largeHead() async throws {
        let rig = HTTPSRig()
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let long = String(repeating: "a", count: 40_000)
            let good = "GET /v1/card HTTP/1.1\r\nhost: x\r\n"
            let said = try await rig.talk(port, "\(good)\r\n\(good)x: \(long)\r\n\r\n")
            #expect(said.contains("HTTP/1.1 200"))
            #expect(said.contains("HTTP/1.1 400"))
        }
    }

    @Test("of one partner's connections those that rest make room for new ones")
    func resting() async throws {
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.connections] = Budget.Bound(each: 3, all: 10) })
        let (budget, all) = (rig.budget, try TestAgencies.all())
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            var couriers: [HTTPSCourier] = []
            for _ in 0..<8 {
                let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
                #expect(try await courier.carry(TransportTestParcel(parts: 1), from: 1).isReceipt)
                couriers.append(courier)
            }
            #expect(budget.held(.connections, by: .partner(all.police.id)) <= 3)
            for courier in couriers { await courier.shutdown() }
        }
    }

    /// Nobody knows what a new one brings: it may be an emergency.
    @Test("a partner whose connections are all in use gets a new one for the one that is longest in its request")
    func busy() async throws {
        try await stalled(.receipts) { rig, all, port in
            let third = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            #expect(try await third.carry(TransportTestParcel(parts: 1), from: 1).isReceipt)
            await third.shutdown()
            try await eventually { handler.cutShort.count == 1 }
            #expect(rig.budget.held(.arrivals) == 1, "the other one stays")
        }
    }

    @Test("of connections that bring emergencies none makes room, others are served, and their partner is named")
    func emergencies() async throws {
        try await stalled(.emergencies) { rig, all, port in
            let third = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            #expect(try await third.carry(TransportTestParcel(parts: 1), from: 1).later != nil)
            await third.shutdown()
            try await Self.isServed(rig, all.stranger, port)
            #expect(rig.budget.held(.arrivals) == 2, "both stay")
        }
    }

    /// A partner that has two connections, both in a request whose body does not come, and is named at the end.
    private func stalled(
        _ manner: TransportTestHandler.Manner, _ body: (HTTPSRig, TestAgencies.All, Int) async throws -> Void
    ) async throws {
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.connections] = Budget.Bound(each: 2, all: 4) })
        handler.manner = manner
        let (rig2, all) = (rig, try TestAgencies.all())
        try await rig.collecting(handler, TestDirectory(all.police, all.stranger)) { _, port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...2 {
                    group.addTask {
                        let courier = try rig2.courier(
                            as: all.police, to: all.council, port: port, TestDirectory(all.council))
                        _ = try? await courier.carry(StallingParcel(at: 2, for: .seconds(30)), from: 1)
                        await courier.shutdown()
                    }
                    try await eventually { rig2.budget.held(.arrivals) == number && handler.bytesSeen >= 1 << 20 }
                }
                try await body(rig2, all, port)
                #expect(rig2.budget.over()[.partner(all.police.id)]?.contains(.held(.connections)) == true)
                group.cancelAll()
            }
        }
    }

    @Test("who has most makes room for a partner that has none")
    func full() async throws {
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.connections] = Budget.Bound(each: 3, all: 3) })
        let (rig2, budget, all) = (rig, rig.budget, try TestAgencies.all())
        try await rig.collecting(handler, TestDirectory(all.police, all.stranger)) { _, port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let courier = try rig2.courier(
                            as: all.police, to: all.council, port: port, TestDirectory(all.council))
                        _ = try? await courier.carry(StallingParcel(at: 2, for: .seconds(30)), from: 1)
                        await courier.shutdown()
                    }
                }
                try await eventually { budget.held(.arrivals) == 3 }
                try await Self.isServed(rig, all.stranger, port)
                group.cancelAll()
            }
        }
    }

    // MARK: - What the stories are made of

    private static func dial(_ port: Int) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
    }

    private static func isServed(_ rig: HTTPSRig, _ agency: TestAgency, _ port: Int) async throws {
        let all = try TestAgencies.all()
        let courier = try rig.courier(as: agency, to: all.council, port: port, TestDirectory(all.council))
        let answer = try await courier.carry(TransportTestParcel(parts: 1), from: 1)
        await courier.shutdown()
        #expect(answer.isReceipt)
    }
}
