import Envelope
import ExchangeTesting
import Foundation
import Synchronization
import Testing
import Transport
import Vocabulary

@testable import TransportHTTPS

/// Counts what comes in one request, and what is asked in one.
private final class BatchHandler: ArrivalHandler {
    let inner = TransportTestHandler()
    private let counts = Mutex<(arrived: [Int], asked: [Int])>(([], []))
    var arrived: [Int] { counts.withLock { $0.arrived } }
    var asked: [Int] { counts.withLock { $0.asked } }

    func receive(_ batch: inout some ArrivingBatch, from peer: AgencyID) async -> [ArrivalAnswer] {
        let answers = await inner.receive(&batch, from: peer)
        counts.withLock { $0.arrived.append(answers.count) }
        return answers
    }

    func status(of ids: [ConsignmentID], for peer: AgencyID) async -> [ArrivalStatus] {
        counts.withLock { $0.asked.append(ids.count) }
        return await inner.status(of: ids, for: peer)
    }

    func take(statement: [UInt8], from peer: AgencyID) async -> Problem? {
        await inner.take(statement: statement, from: peer)
    }
    func card() async -> [UInt8] { await inner.card() }
    func checkpoint() async throws -> String { try await inner.checkpoint() }
}

@Suite("Many consignments in one request", .timeLimit(.minutes(5)))
struct BatchTests {
    private let handler = BatchHandler()

    private func around(_ body: (HTTPSCourier) async throws -> Void) async throws {
        let all = try TestAgencies.all()
        try await HTTPSRig().collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try HTTPSRig().courier(
                as: all.police, to: all.council, port: port, TestDirectory(all.council))
            do { try await body(courier) } catch {
                await courier.shutdown()
                throw error
            }
            await courier.shutdown()
        }
    }

    private func parcels(_ count: Int, _ size: Int = 5000) -> [TransportTestParcel] {
        (0..<count).map { _ in TransportTestParcel(parts: 1, partSize: size) }
    }

    @Test(
        "whoever has not said that it takes them is spoken to file by file; from its first answer on they go together")
    func learnt() async throws {
        try await around { courier in
            #expect(courier.batch.count == 1)
            let all = parcels(40)
            let first = await courier.carry([Outgoing(all[0])])
            #expect(courier.batch.count == 256)
            let ends = first + (await courier.carry(all.dropFirst().map { Outgoing($0) }))
            for (end, parcel) in zip(ends, all) {
                guard case .answered(.receipt(TransportTestHandler.receipt(for: parcel.id))) = end else {
                    Issue.record("ended \(end)")
                    continue
                }
            }
            #expect(handler.inner.arrivals.map(\.id) == all.map(\.id))
            #expect(handler.inner.arrivals.map(\.bytes) == all.map { $0.wire(from: 1) })
            // The first request has what half a second is sure to carry.
            #expect(handler.arrived.first == 1 && handler.arrived.count < 10, "\(handler.arrived)")
            let told = await courier.enquire(all.map(\.id))
            #expect(told.count == 40 && handler.asked == [40])
        }
    }

    @Test("a line gets at most twice as much as before, what half a second carries, and little after trouble")
    func pace() {
        let pace = BatchPace()
        pace.heard(false)
        #expect(!pace.accepts && pace.allowance == 64 << 10)
        pace.heard(true)
        pace.carried(64 << 10, in: .milliseconds(10))
        #expect(pace.accepts && pace.allowance == 128 << 10)
        for _ in 0..<9 { pace.carried(1 << 20, in: .milliseconds(10)) }
        #expect(pace.allowance == 1 << 20)
        // One by itself says only how fast the line is at least.
        pace.carried(100, in: .seconds(1), isAlone: true)
        #expect(pace.allowance == 1 << 20)
        pace.carried(1 << 20, in: .seconds(4))
        #expect(pace.allowance == 1 << 17)
        pace.broke()
        #expect(pace.accepts && pace.allowance == 64 << 10)
        pace.refused()
        #expect(!pace.accepts)
    }

    @Test("after trouble with the partner nothing more of a batch is tried")
    func away() async throws {
        let all = try TestAgencies.all()
        // Nobody listens there.
        let courier = try HTTPSRig().courier(as: all.police, to: all.council, port: 1, TestDirectory(all.council))
        courier.pace.heard(true)
        let ends = await courier.carry(parcels(40).map { Outgoing($0) } + [Outgoing(TransportTestParcel(parts: 3))])
        #expect(ends.count == 41)
        for end in ends {
            guard case .answered(.tryLater(let why)) = end else {
                Issue.record("\(end)")
                continue
            }
            #expect(why.reason == .unreachable)
        }
        await courier.shutdown()
    }

    @Test("a large one, one that is gone on with and one that breaks go by themselves, and keep their places")
    func apart() async throws {
        try await around { courier in
            _ = await courier.carry([Outgoing(parcels(1)[0])])
            let broken = TransportTestParcel(parts: 1, partSize: 5000, breaksAt: 1)
            let (large, resumed) = (TransportTestParcel(parts: 3), TransportTestParcel(parts: 5))
            let small = parcels(2)
            let ends = await courier.carry(
                [Outgoing(small[0]), Outgoing(large), Outgoing(broken), Outgoing(resumed, from: 4), Outgoing(small[1])])
            for (at, parcel) in [(0, small[0]), (1, large), (3, resumed), (4, small[1])] {
                guard case .answered(.receipt(TransportTestHandler.receipt(for: parcel.id))) = ends[at] else {
                    Issue.record("\(at) ended \(ends[at])")
                    continue
                }
            }
            guard case .broke(is TransportTestParcel.Changed) = ends[2] else {
                Issue.record("\(ends[2])")
                return
            }
            #expect(handler.inner.arrivals.first { $0.id == resumed.id }?.firstPart == 4)
        }
    }

    @Test(
        "so many such requests at a time of one partner, and no more: its consignments one by one have places of their own"
    )
    func atOnce() async throws {
        let all = try TestAgencies.all()
        var rig = HTTPSRig()
        rig.budget = Budget(.with { $0[.batches].each = 1 })
        handler.inner.manner = .slow(.milliseconds(300))
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            courier.pace.heard(true)
            let ends = await withTaskGroup(of: [CarryEnd].self) { group in
                for _ in 0..<3 {
                    let two = parcels(2)
                    group.addTask { await courier.carry(two.map { Outgoing($0) }) }
                }
                let one = parcels(1)
                group.addTask { await courier.carry(one.map { Outgoing($0) }) }
                return await group.reduce(into: []) { $0 += $1 }
            }
            let busy = ends.count { if case .answered(.tryLater(let why)) = $0 { why.reason == .busy } else { false } }
            #expect(ends.count == 7 && busy == 4, "\(ends)")
            #expect(handler.inner.arrivals.count == 3)
            await courier.shutdown()
        }
    }

    // MARK: - A partner that lies

    /// One request of these bytes; the status and the body of its answer.
    private func post(_ bytes: [UInt8], to path: String = Wire.batch) async throws -> (status: Int, body: [UInt8]) {
        let all = try TestAgencies.all()
        var said: (Int, [UInt8]) = (0, [])
        try await HTTPSRig().collecting(handler, TestDirectory(all.police)) { _, port in
            let text = try await HTTPSRig().talk(
                port, "POST \(path) HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: \(bytes.count)\r\n\r\n",
                body: bytes)
            let head = text.range(of: "HTTP/1.1 ").map { text[$0.upperBound...].prefix(3) } ?? ""
            said = (Int(head) ?? 0, Array(text.utf8))
        }
        return said
    }

    private func framed(_ parcel: TransportTestParcel, messages: Int = 2) -> [UInt8] {
        Frames.head(of: parcel.id, messages: messages) + parcel.wire(from: 1)
    }

    @Test(
        "what is no frame, no DER or too much ends the batch; what came whole before it has arrived", arguments: 0..<6)
    func hostile(_ kind: Int) async throws {
        let sound = parcels(3)
        let before = sound.flatMap { framed($0) }
        let next = TransportTestParcel(parts: 1, partSize: 5000)
        let bad: [UInt8] =
            switch kind {
            case 0: Array("not a frame".utf8)
            case 1: Frames.head(of: next.id, messages: 2) + [0x31, 0x03, 1, 2, 3]
            case 2: Frames.head(of: next.id, messages: 2) + [0x30, 0x84, 0, 0, 0, 1, 5]
            case 3: Frames.head(of: next.id, messages: 2) + [0x30, 0x80, 0, 0]
            case 4: Frames.head(of: next.id, messages: 7)
            default: framed(TransportTestParcel(parts: 1, partSize: 1 << 20))
            }
        let (status, _) = try await post(before + bad)
        #expect(status == 200)
        #expect(handler.inner.arrivals.map(\.id) == sound.map(\.id))
    }

    @Test("no more than 256 of one request are taken; a body that begins with no frame is malformed")
    func bounds() async throws {
        let many = (0..<260).map { _ in TransportTestParcel(parts: 1, partSize: 100) }
        #expect(try await post(many.flatMap { framed($0) }).status == 200)
        #expect(handler.inner.arrivals.count == 256)
        #expect(try await post(Array("x".utf8)).status == 400)
        #expect(try await post([], to: Wire.states).status == 400)
        #expect(try await post(Frames.asking(many.map(\.id)), to: Wire.states).status == 400)
        #expect(try await post(Frames.asking(many.prefix(256).map(\.id)), to: Wire.states).status == 200)
        #expect(handler.asked == [256])
    }

    @Test("frames come in any pieces", arguments: [1, 7, 23, 1000])
    func pieces(_ size: Int) async throws {
        let all = parcels(5, 300)
        var batch = FramedBatch(PiecedBody(all.flatMap { framed($0) }, size))
        var seen: [(ConsignmentID, [UInt8])] = []
        while let next = try await batch.advance() {
            var bytes: [UInt8] = []
            // Of the third nobody wants to hear more than its beginning.
            while try await batch.next({ span in bytes.append(span, from: 0) }), seen.count != 2 {}
            seen.append((next.id, bytes))
        }
        #expect(seen.map(\.0) == all.map(\.id))
        for (at, one) in seen.enumerated() where at != 2 { #expect(one.1 == all[at].wire(from: 1)) }
    }

    @Test("answers are read as they were written; what is not understood ends the list")
    func answers() throws {
        let ids = parcels(3).map(\.id)
        let said = [
            FramedAnswer(kind: .receipt, body: [UInt8](repeating: 7, count: 8000)),
            FramedAnswer(kind: .unknown, body: []),
            FramedAnswer(kind: .next, body: Array("{\"next\":3}".utf8)),
        ]
        let bytes = zip(ids, said).flatMap { Frames.answer($1, about: $0) }
        let read = Frames.answers(in: bytes + [0x30, 0x01])
        #expect(read.map(\.id) == ids && read.map(\.answer) == said)
        #expect(Frames.answers(in: Array(bytes.dropFirst())).isEmpty)
        #expect(Frames.ids(in: Frames.asking(ids)) == ids)
    }
}

private struct PiecedBody: ArrivingBytes {
    private var rest: ArraySlice<UInt8>
    private let size: Int
    let cut: @Sendable () -> Void = {}

    init(_ bytes: [UInt8], _ size: Int) { (rest, self.size) = (bytes[...], size) }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        if rest.isEmpty { return false }
        let piece = Array(rest.prefix(size))
        rest = rest.dropFirst(size)
        try piece.withRawSpan(take)
        return true
    }
}
