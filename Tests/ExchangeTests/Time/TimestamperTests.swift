import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Synchronization
import Testing
import Transport
import Vocabulary
import Witness

/// Tokens of a real authority, which is away, or lies, as each test wants.
@Suite(.timeLimit(.minutes(5))) struct TimestamperTests {
    private static let away = TryLater(.unreachable, "The time authority cannot be reached.")

    /// An stockton, its authority, and the seconds that have passed by either clock.
    private struct Scene: Sendable {
        let stockton: TestAgency
        let agency: Agency
        let real: StampingAuthority
        let authority: FakeTimeAuthority
        let clock = Clock(WallClock.now())
        private let passed = Passed()

        final class Passed: Sendable {
            let seconds = Mutex(0.0)
        }

        init(_ root: String) throws {
            stockton = try TestAgency("stockton", root: root, at: clock.now)
            agency = try stockton.agency(knowing: [], at: clock)
            let real = try StampingAuthority(in: root)
            self.real = real
            authority = FakeTimeAuthority { request throws(TryLater) in try real.reply(to: request) }
        }

        func life() -> Timestamper {
            let (ledger, passed) = (stockton.ledger, passed)
            return Timestamper(
                agency: agency, authority: authority, trusted: real.trusted, every: 3600,
                moment: { seq in await ledger.testOnlyEvents.dropFirst(Int(seq)).first?.leaf.at },
                boot: { passed.seconds.withLock { $0 } })
        }

        func pass(_ seconds: Int64) {
            clock.advance(seconds: seconds)
            passed.seconds.withLock { $0 += Double(seconds) }
        }

        func write(_ count: Int = 1) async throws {
            let now = clock.now
            try await stockton.ledger.append(
                (0..<count).map { _ in
                    NewEvent(at: now, kind: .incident, consignment: nil, partner: nil, detail: EventDetail([:]))
                })
        }

        var alarm: String? { agency.alarms.current["time"] }
        var sizes: [Int64] {
            get async throws { try await stockton.ledger.timeTokens(covering: 0, limit: 1000).map(\.size) }
        }
        func heal() { authority.answer { request throws(TryLater) in try real.reply(to: request) } }
    }

    @Test("one token covers all that was written before it; nobody is asked while nothing is")
    func batches() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let stamper = scene.life()
            #expect(await stamper.round() > 0)
            #expect(scene.authority.asked == 0)
            try await scene.write(300)
            _ = await stamper.round()
            #expect(try await scene.sizes == [300])
            try await scene.write()
            scene.pass(3590)
            #expect(await stamper.round() == 10)
            scene.pass(10)
            _ = await stamper.round()
            #expect(try await scene.sizes == [300, 301])
            for _ in 0..<5 {
                scene.pass(7200)
                #expect(await stamper.round() == 60)
            }
            #expect(scene.authority.asked == 2)
            let judge = TimeJudge(scene.real.trusted)
            for token in try await scene.stockton.ledger.timeTokens(covering: 0, limit: 9) {
                #expect(judge.trouble(token) == nil)
            }
        }
    }

    @Test("an outage is an alarm once entries are late, and one request catches up")
    func outage() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let stamper = scene.life()
            scene.authority.answer { _ throws(TryLater) in throw Self.away }
            try await scene.write()
            for _ in 0..<110 {
                _ = await stamper.round()
                #expect(scene.alarm == nil)
                scene.pass(60)
                try await scene.write()
            }
            for _ in 0..<60 {
                scene.pass(60)
                _ = await stamper.round()
                try await scene.write()
            }
            #expect(scene.alarm?.contains("cannot be reached") == true)
            #expect(try await scene.sizes.isEmpty)
            let before = scene.authority.asked
            scene.heal()
            scene.pass(900)
            _ = await stamper.round()
            #expect(scene.authority.asked == before + 1)
            #expect(try await scene.sizes == [171])
            #expect(scene.alarm == nil)
        }
    }

    private enum Lie: CaseIterable {
        case formerAnswer, anotherKey, cutShort, nothing, echo, damaged

        func answer(
            to request: [UInt8], _ real: StampingAuthority, _ other: StampingAuthority, former: [UInt8]
        ) throws(TryLater) -> [UInt8] {
            switch self {
            case .formerAnswer: return former
            case .anotherKey: return try other.reply(to: request)
            case .cutShort: return Array(try real.reply(to: request).dropLast())
            case .nothing: return []
            case .echo: return request
            case .damaged:
                var reply = try real.reply(to: request)
                reply[reply.count - 5] ^= 1
                return reply
            }
        }
    }

    @Test("what lies is not kept, whatever it says; honesty later is")
    func liar() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let stamper = scene.life()
            let (real, other) = (scene.real, try StampingAuthority(in: root))
            let former = try real.reply(to: TimestampRequest(over: Array("another checkpoint".utf8)).der)
            try await scene.write()
            for lie in Lie.allCases {
                scene.authority.answer { request throws(TryLater) in
                    try lie.answer(to: request, real, other, former: former)
                }
                let asked = scene.authority.asked
                _ = await stamper.round()
                #expect(scene.authority.asked == asked + 1)
                #expect(try await scene.sizes.isEmpty)
                scene.pass(900)
            }
            scene.heal()
            _ = await stamper.round()
            #expect(try await scene.sizes == [1])
        }
    }

    @Test("a token that could not be written is asked for again")
    func ledgerFull() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let stamper = scene.life()
            try await scene.write()
            await scene.stockton.ledger.fail(with: .full("no space"))
            _ = await stamper.round()
            #expect(try await scene.sizes.isEmpty)
            await scene.stockton.ledger.fail(with: nil)
            scene.pass(900)
            _ = await stamper.round()
            #expect(try await scene.sizes == [1])
            #expect(scene.authority.asked == 2)
        }
    }

    @Test("a new life goes on from the newest token")
    func restart() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            try await scene.write()
            _ = await scene.life().round()
            try await scene.write()
            let next = scene.life()
            #expect(await next.round() == 60)
            scene.pass(3601)
            _ = await next.round()
            #expect(try await scene.sizes == [1, 2])
        }
    }

    @Test("a token whose time is far from our clock is kept, and told as trouble with the clock")
    func skew() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.clock.advance(seconds: 600)
            try await scene.write()
            _ = await scene.life().round()
            #expect(try await scene.sizes == [1])
            let alarm = try #require(scene.agency.alarms.current["clock"])
            #expect(alarm.contains("behind ours") && alarm.contains("minutes"))
        }
    }

    @Test("a kept token that was exchanged, or stands beside another checkpoint, is found")
    func judged() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let stamper = scene.life()
            try await scene.write()
            _ = await stamper.round()
            try await scene.write()
            scene.pass(3600)
            _ = await stamper.round()
            let tokens = try await scene.stockton.ledger.timeTokens(covering: 0, limit: 9)
            let (one, two) = (try #require(tokens.first), try #require(tokens.last))
            let judge = TimeJudge(scene.real.trusted)
            let wrong = [
                TimeToken(size: one.size, at: one.at, note: one.note, token: two.token),
                TimeToken(size: one.size, at: one.at, note: two.note, token: two.token),
                TimeToken(size: one.size, at: one.at.adding(seconds: 1), note: one.note, token: one.token),
                TimeToken(size: one.size, at: one.at, note: "no note", token: one.token),
                TimeToken(size: one.size, at: one.at, note: one.note, token: one.token + [0]),
            ]
            for token in wrong { #expect(judge.trouble(token) != nil) }
            #expect(judge.trouble(one) == nil && judge.trouble(two) == nil)
            #expect(TimeJudge(try StampingAuthority(in: root).trusted).trouble(one) != nil)
        }
    }
}
