import ExchangeTesting
import Testing
import Transport
import TransportHTTPS
import Vocabulary

/// The road of an urgent file: its own connections, and none that has gone deaf. Every wait that the others have is made
/// so long that the suite's limit ends whoever falls into it; an attempt that ends because this machine stood still is
/// made again, as the dispatcher would.
@Suite("The road of an urgent file", .timeLimit(.minutes(5)))
struct UrgentRoadTests {
    private let handler = TransportTestHandler()
    private var rig: HTTPSRig {
        var rig = HTTPSRig()
        rig.courierLimits.answer = .seconds(600)
        rig.courierLimits.write = .seconds(600)
        rig.courierLimits.urgent.silence = .seconds(1)
        return rig
    }

    @Test(
        "a connection that has gone deaf is given up in time, and the next attempt dials a new one",
        arguments: [OneWayProxy.Direction.toCollector, .toCourier], [1, 20])
    func deaf(_ direction: OneWayProxy.Direction, _ parts: Int) async throws {
        try await through(rig) { courier, proxy in
            try await Urgency.first {
                try await carryAtLast(TransportTestParcel(parts: 1), by: courier)
                let before = proxy.connections
                proxy.deafen(direction)
                let lost = try await courier.carry(TransportTestParcel(parts: parts), from: 1)
                #expect(lost.later?.reason == .timedOut)
                try await carryAtLast(TransportTestParcel(parts: parts), by: courier)
                #expect(proxy.connections > before)
            }
        }
    }

    @Test("of an ordinary pool in which one connection timed out none is used again")
    func ordinary() async throws {
        var rig = rig
        rig.courierLimits.answer = .seconds(10)
        try await through(rig) { courier, proxy in
            handler.manner = .stalls(.milliseconds(100))
            async let first = courier.carry(Self.small(), from: 1)
            async let second = courier.carry(Self.small(), from: 1)
            let areReceipts = try await [first, second].allSatisfy { $0.isReceipt }
            #expect(areReceipts)
            #expect(proxy.connections == 2)
            handler.manner = .receipts
            proxy.deafen(.toCourier)
            #expect(try await courier.carry(Self.small(), from: 1).later?.reason == .timedOut)
            #expect(try await courier.carry(Self.small(), from: 1).isReceipt)
        }
    }

    @Test("a connection is free while others have taken all")
    func ownConnection() async throws {
        var rig = rig
        rig.courierLimits.connections = 1
        rig.courierLimits.connect = .seconds(600)
        try await rig.around(handler) { courier in
            let long = Task { try await courier.carry(StallingParcel(at: 2, for: .seconds(600)), from: 1) }
            try await eventually { handler.bytesSeen > 0 }
            _ = try await Urgency.first { try await carryAtLast(TransportTestParcel(parts: 1), by: courier) }
            long.cancel()
            let ended = try? await long.value
            #expect(ended?.isReceipt != true)
        }
    }

    /// More than all buffers on the way hold, in the second case: the partner's window is closed.
    @Test("a partner who is merely slow gets longer each time, until it can answer", arguments: [1, 32])
    func slow(_ parts: Int) async throws {
        try await rig.around(handler) { courier in
            handler.manner = .stalls(.seconds(9))
            let reasons = try await Urgency.first {
                try await carryAtLast(TransportTestParcel(parts: parts), by: courier)
            }
            #expect(!reasons.isEmpty)
            #expect(reasons.allSatisfy { $0 == .timedOut }, "\(reasons)")
        }
    }

    @Test("the larger the file, the longer its recipient may sync it")
    func large() async throws {
        var rig = rig
        rig.courierLimits.urgent.syncRate = 1
        try await rig.around(handler) { courier in
            try await Urgency.first {
                try await carryAtLast(Self.small(), by: courier)
                handler.manner = .stalls(.seconds(3))
                #expect(try await courier.carry(Self.small(), from: 1).isReceipt)
            }
        }
    }

    private static func small() -> TransportTestParcel { TransportTestParcel(parts: 1, partSize: 1000) }

    /// Again and again, however slow this machine is, until the receipt comes; the suite's limit ends what never does.
    /// - Returns: why it did not go before.
    @discardableResult
    private func carryAtLast(_ parcel: TransportTestParcel, by courier: any Courier) async throws -> [TryLater.Reason?]
    {
        var reasons: [TryLater.Reason?] = []
        while true {
            let answer = try await courier.carry(parcel, from: 1)
            if answer.isReceipt { return reasons }
            reasons.append(answer.later?.reason)
        }
    }

    /// A courier that reaches its collector by the proxy only.
    private func through(_ rig: HTTPSRig, _ body: (HTTPSCourier, OneWayProxy) async throws -> Void) async throws {
        let all = try TestAgencies.all()
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            let proxy = try await OneWayProxy(to: port)
            let courier = try rig.courier(
                as: all.police, to: all.council, port: proxy.port, TestDirectory(all.council))
            do { try await body(courier, proxy) } catch {
                await courier.shutdown()
                throw error
            }
            await courier.shutdown()
            try await proxy.close()
        }
    }
}
