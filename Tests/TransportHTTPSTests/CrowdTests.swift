import ExchangeTesting
import NIOCore
import NIOPosix
import Testing
import Transport
import TransportHTTPS
import Vocabulary

/// One who takes all that it can get, without a certificate or with one, and a partner who is served meanwhile.
@Suite("A crowd at the door", .timeLimit(.minutes(2)))
struct CrowdTests {
    private let desk = TransportTestDesk()

    @Test("connections that prove nothing make room for each other, and keep no partner out")
    func idle() async throws {
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.handshakes] = Budget.Bound(each: 4, all: 8) })
        let budget = rig.budget
        try await rig.collecting(desk, TestDirectory(TestAgencies.all().police)) { _, port in
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
        try await rig.collecting(desk, TestDirectory(TestAgencies.all().police)) { _, port in
            // It returns when the other end hangs up: the suite's limit is the threshold.
            try await rig.talk(port, "GET /v1/card HTTP/1.1\r\nhost: x\r\nx: ")
        }
    }

    @Test("a head that is too large is answered, and its connection ends although the other end goes on")
    func largeHead() async throws {
        let rig = HTTPSRig()
        try await rig.collecting(desk, TestDirectory(TestAgencies.all().police)) { _, port in
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
        try await rig.collecting(desk, TestDirectory(all.police)) { _, port in
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

    @Test("a partner whose connections are all in use gets no more, others are served, and it is named")
    func busy() async throws {
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.connections] = Budget.Bound(each: 2, all: 4) })
        let (rig2, budget, all) = (rig, rig.budget, try TestAgencies.all())
        try await rig.collecting(desk, TestDirectory(all.police, all.stranger)) { _, port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        let courier = try rig2.courier(
                            as: all.police, to: all.council, port: port, TestDirectory(all.council))
                        _ = try? await courier.carry(StallingParcel(at: 2, for: .seconds(30)), from: 1)
                        await courier.shutdown()
                    }
                }
                try await eventually { budget.held(.arrivals) == 2 }
                let third = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
                #expect(try await third.carry(TransportTestParcel(parts: 1), from: 1).later != nil)
                await third.shutdown()
                try await Self.isServed(rig, all.stranger, port)
                #expect(budget.over()[.partner(all.police.id)]?.contains(.held(.connections)) == true)
                group.cancelAll()
            }
        }
    }

    @Test("who has most makes room for a partner that has none")
    func full() async throws {
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.connections] = Budget.Bound(each: 3, all: 3) })
        let (rig2, budget, all) = (rig, rig.budget, try TestAgencies.all())
        try await rig.collecting(desk, TestDirectory(all.police, all.stranger)) { _, port in
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
