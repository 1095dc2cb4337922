import Envelope
import Exchange
import Foundation
import Testing
import Transport
import Vocabulary

/// An emergency at its recipient, whatever else the same partner has under way there.
@Suite("An urgent arrival", .timeLimit(.minutes(5)))
struct UrgentArrivalTests {
    private typealias Scene = ArrivalTests.Scene

    @Test("is taken while every place is held by arrivals whose bytes do not come")
    func beside() async throws {
        try await around { rules in
            rules.arrivalsPerPartner = 2
        } body: { scene, stuck in
            try await stuck.bring(2, keeping: { $0[0].count + 1000 })
            try #require(await eventually { scene.staged.count == 2 })
            let refused = try await scene.send(scene.parcel())
            #expect(problem(refused)?.kind == .busy)
            let taken = try await scene.send(try urgent(scene))
            #expect(isNew(taken))
            #expect(scene.names("inbox/stockton/urgent") == ["now.txt"])
            // They were not sent away: they may still come.
            #expect(scene.staged.count == 2)
            #expect(await stuck.answers.isEmpty)
        }
    }

    @Test("is taken while every place is held by arrivals whose waybill does not come; the oldest makes room")
    func beforeTheWaybill() async throws {
        try await around { rules in
            rules.arrivalsPerPartner = 2
        } body: { scene, stuck in
            try await stuck.bring(2, keeping: { _ in 100 })
            try #require(await eventually { await stuck.silent == 2 })
            try #require(await eventually { try await isNew(scene.send(try urgent(scene))) })
            #expect(scene.names("inbox/stockton/urgent") == ["now.txt"])
            try #require(await eventually { await !stuck.answers.isEmpty })
            let answers = await stuck.answers
            // The other one may stay for some seconds yet: had both been ended as too slow, they would have gone together.
            #expect(answers.map { problem($0)?.kind } == [.cutShort])
        }
    }

    @Test("is taken while all the bytes that its partner may have under way are promised")
    func promisedBytes() async throws {
        try await around { rules in
            rules.stagedBytesPerPartner = 250_000
        } body: { scene, stuck in
            try await stuck.bring(1, keeping: { $0[0].count + 1000 })
            try #require(await eventually { scene.staged.count == 1 })
            let refused = try await scene.send(scene.parcel())
            #expect(problem(refused)?.kind == .busy)
            let taken = try await scene.send(try urgent(scene, ArrivalTests.content))
            #expect(isNew(taken))
        }
    }

    @Test("is no way around the bounds: emergencies have theirs")
    func bounded() async throws {
        try await around { rules in
            rules.urgentArrivalsPerPartner = 1
        } body: { scene, stuck in
            try await stuck.bring(1, route: "urgent", keeping: { $0[0].count + 1000 })
            try #require(await eventually { scene.staged.count == 1 })
            let refused = try await scene.send(try urgent(scene))
            #expect(problem(refused)?.kind == .busy)
            let taken = try await scene.send(scene.parcel())
            #expect(isNew(taken))
        }
    }

    @Test("a waybill that does not come is waited for some seconds only")
    func patience() async throws {
        try await around { _ in
        } body: { scene, stuck in
            try await stuck.bring(1, keeping: { _ in 100 })
            try #require(await eventually { await stuck.answers.count == 1 })
            let first = try #require(await stuck.answers.first)
            #expect(problem(first)?.kind == .cutShort)
        }
    }

    // MARK: - What the stories are made of

    private func around(
        _ change: (inout HouseRules) -> Void, body: @Sendable (Scene, StuckArrivals) async throws -> Void
    ) async throws {
        var rules = HouseRules()
        change(&rules)
        try await inTemporaryFolder { [rules] root in
            let scene = try Scene(root, rules: rules)
            let stuck = StuckArrivals(scene)
            do { try await body(scene, stuck) } catch {
                await stuck.end()
                throw error
            }
            await stuck.end()
        }
    }

    private func urgent(_ scene: Scene, _ content: [UInt8] = Array("now".utf8)) throws -> Parcelled {
        try Parcelled(content, from: scene.stockton, to: scene.police, name: "now.txt", route: "urgent")
    }

    private func problem(_ answer: ArrivalAnswer) -> Problem? {
        if case .problem(let problem) = answer { problem } else { nil }
    }

    private func isNew(_ answer: ArrivalAnswer) -> Bool {
        if case .receipt(_, isNew: true) = answer { true } else { false }
    }
}

/// Arrivals that begin and say nothing more until they are cut.
private actor StuckArrivals {
    private let scene: ArrivalTests.Scene
    private var under: [Task<Void, Never>] = []
    private(set) var answers: [ArrivalAnswer] = []
    /// How many have said all that they will say.
    private(set) var silent = 0

    init(_ scene: ArrivalTests.Scene) { self.scene = scene }

    /// - Parameter keeping: how many bytes come of these messages.
    func bring(_ count: Int, route: String = "strategy-meeting", keeping: ([[UInt8]]) -> Int) throws {
        for number in 0..<count {
            let parcel = try Parcelled(
                ArrivalTests.content, from: scene.stockton, to: scene.police, name: "stuck-\(number).pdf", route: route)
            let messages = try parcel.messages()
            let bytes = Array(messages.joined().prefix(keeping(messages)))
            under.append(
                Task { [scene] in
                    var body = StuckBody(bytes) { await self.fallSilent() }
                    let id = parcel.waybill.id
                    let answer = await scene.desk.receive(id, from: scene.stockton.id, startingAt: 1, body: &body)
                    self.answers.append(answer)
                })
        }
    }

    private func fallSilent() { silent += 1 }

    func end() async {
        for task in under { task.cancel() }
        for task in under { await task.value }
    }
}

private struct StuckBody: ArrivingBytes {
    private var bytes: [UInt8]?
    private let silence: AsyncStream<Never>
    private let isSilent: @Sendable () async -> Void
    let cut: @Sendable () -> Void

    init(_ bytes: [UInt8], isSilent: @escaping @Sendable () async -> Void) {
        (self.bytes, self.isSilent) = (bytes, isSilent)
        let (silence, end) = AsyncStream.makeStream(of: Never.self)
        (self.silence, cut) = (silence, { end.finish() })
    }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        if let bytes {
            self.bytes = nil
            try bytes.withRawSpan(take)
            return true
        }
        await isSilent()
        for await _ in silence {}
        throw CutShort("the test cut it")
    }
}
