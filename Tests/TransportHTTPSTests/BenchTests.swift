import ExchangeTesting
import Foundation
import Synchronization
import Testing
import Transport
import TransportHTTPS
import Vocabulary

/// Speed over loopback, both ends in this process. Run with WAYBILL_BENCH=1, in a release build.
@Suite("Bench", .enabled(if: ProcessInfo.processInfo.environment["WAYBILL_BENCH"] != nil, "a benchmark"), .serialized)
struct BenchTests {
    @Test("requests a second: 20,000 consignments of 4 KiB, 32 in flight")
    func requests() async throws {
        let handler = CountingHandler()
        try await running(handler) { courier in
            let (count, began) = (20_000, ContinuousClock.now)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<32 {
                    group.addTask {
                        for _ in stride(from: lane, to: count, by: 32) {
                            let answer = try await courier.carry(TransportTestParcel(parts: 1, partSize: 4096), from: 1)
                            #expect(answer.isReceipt)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let seconds = (ContinuousClock.now - began) / .seconds(1)
            print("bench: \(Int(Double(count) / seconds)) consignments of 4 KiB a second")
        }
    }

    @Test("megabytes a second: one consignment of 1 GiB")
    func throughput() async throws {
        let handler = CountingHandler()
        try await running(handler) { courier in
            let began = ContinuousClock.now
            let answer = try await courier.carry(SameParcel(parts: 1024), from: 1)
            #expect(answer.isReceipt)
            let seconds = (ContinuousClock.now - began) / .seconds(1)
            print("bench: \(Int(Double(handler.bytes) / seconds / 1e6)) MB/s for 1 GiB, peak memory \(peakMiB()) MiB")
        }
    }

    private func running(_ handler: CountingHandler, _ body: (HTTPSCourier) async throws -> Void) async throws {
        var rig = HTTPSRig()
        rig.courierLimits.connections = 32
        let all = try TestAgencies.all()
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            try await body(courier)
            await courier.shutdown()
        }
    }

    private func peakMiB() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
    }
}

/// The same MiB again and again, so that making it costs nothing.
private struct SameParcel: Parcel {
    let id = ConsignmentID.make(at: Instant(seconds: 1_790_000_000))
    let partCount: Int
    let size = Int64.max
    private let part = [UInt8](repeating: 0x30, count: 1 << 20)

    init(parts: Int) { partCount = parts }

    func message(_ index: Int) async throws -> ArraySlice<UInt8> { part[...] }
}

/// Counts bytes and always gives a receipt.
private final class CountingHandler: SerialHandler {
    private let count = Mutex(0)
    var bytes: Int { count.withLock { $0 } }

    func receive(_ next: Arriving, from peer: AgencyID, body: inout some ArrivingBytes) async -> ArrivalAnswer {
        var seen = 0
        do {
            while try await body.next({ seen += $0.byteCount }) {}
        } catch {
            return .problem(Problem(.cutShort, "cut"))
        }
        count.withLock { $0 += seen }
        return .receipt([UInt8](repeating: 0x30, count: 1500), isNew: true)
    }

    func status(of id: ConsignmentID, for peer: AgencyID) async -> ArrivalStatus { .unknown }
    func take(statement: [UInt8], from peer: AgencyID) async -> Problem? { nil }
    func card() async -> [UInt8] { [] }
    func checkpoint() async throws -> String { "" }
}
