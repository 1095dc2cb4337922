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

/// What daemons tell each other by themselves: taken once, counted apart, and never before what people wait for.
@Suite(.timeLimit(.minutes(5))) struct NewsTests {
    private typealias Pair = LaterStatementTests.Pair

    @Test("a word that was said before in other bytes is kept as an incident, and the first one stands")
    func contradiction() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let first = try await pair.signed(.handover, id, "moved")
            let second = try await pair.signed(.handover, id, "removed")
            #expect(first != second)
            for bytes in [first, second, first, second] { #expect(await pair.toStockton(bytes) == nil) }
            #expect(try await pair.heard(id).map(\.because) == ["moved"])
            let key = ConsignmentKey(.sent, pair.scene.police.id, id)
            let kinds = try await pair.scene.agency.ledger.events(of: key).map(\.leaf.kind)
            #expect(kinds.suffix(3) == [.delivered, .heard, .incident])
            // It is evidence, not a duty: nobody has to be told within 72 hours.
            #expect(try await pair.duties(pair.scene.agency, .incident).isEmpty)
        }
    }

    @Test("an acceptance after a misdirection is taken and told; a handover settles what lay too long, in any order")
    func order() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            #expect(await pair.toStockton(try await pair.signed(.misdirected, id, "No such case.")) == nil)
            #expect(await pair.toStockton(try await pair.signed(.acceptance, id)) == nil)
            #expect(try await pair.heard(id).map(\.kind) == [.misdirected, .acceptance])
            #expect(try await pair.duties(pair.scene.agency, .incident).map(\.state) == [.open])

            let late = try await pair.deliver(name: "late.pdf")
            #expect(await pair.toStockton(try await pair.signed(.handover, late, "opened")) == nil)
            #expect(await pair.toStockton(try await pair.signed(.uncollected, late)) == nil)
            #expect(try await pair.duties(pair.scene.agency, .uncollected).isEmpty)
            #expect(try await pair.heard(late).map(\.kind) == [.handover, .uncollected])
        }
    }

    @Test("one about another waybill, by the sender, or of what was never sent, is not taken", arguments: [0, 1, 2])
    func hostile(_ way: Int) async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let bytes: [UInt8]
            switch way {
            case 0: bytes = try await pair.signed(.handover, id, "moved", waybill: Digest(Random.bytes(32)))
            case 1: bytes = try await pair.signed(.handover, id, "moved", by: pair.scene.stockton.keys)
            default: bytes = try await pair.signed(.handover, id, "moved", as: .make(at: WallClock.now()))
            }
            #expect(await pair.toStockton(bytes)?.kind == .malformed)
            #expect(try await pair.heard(id).isEmpty)
        }
    }

    @Test("what people say fills its own measure only: a handover is taken in the same minute")
    func measures() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            var answers: [Transport.Problem?] = []
            // Two minutes' worth and one, in case a minute ends in between.
            for number in 0..<241 {
                answers.append(await pair.toStockton(try await pair.signed(.misdirected, id, "Reason \(number).")))
            }
            #expect(answers.contains { $0?.kind == .busy })
            #expect(await pair.toStockton(try await pair.signed(.handover, id, "moved")) == nil)
        }
    }

    @Test("while a partner takes no news, what people say arrives, and no alarm is raised; in the end all arrives")
    func errands() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let other = try await pair.deliver(name: "plan.pdf")
            try FileManager.default.removeItem(atPath: pair.inbox("minutes.pdf"))
            try await pair.watching { try await pair.awaitClosed(id) }
            let door = Doorkeeper(FakeCourier(from: pair.scene.police.id, to: pair.stocktonDesk), shutTo: id)
            let postman = StatementSender(
                agency: pair.policeAgency,
                sending: pair.scene.policeHouse.sending(pair.scene.parts, by: door))
            let running = Task { await postman.run() }
            try await pair.until { door.refusals > 1 }
            try await pair.scene.policeHouse.duties.misdirected(other, because: "Not ours.", by: "r.okafor")
            try await pair.until { try await pair.duties(pair.scene.agency, .incident).count == 1 }
            #expect(try await pair.heard(id).isEmpty)
            #expect(pair.policeAgency.alarms.current.isEmpty, "\(pair.policeAgency.alarms.current)")
            door.open()
            try await pair.until { try await pair.heard(id).map(\.kind) == [.handover] }
            #expect(pair.policeAgency.alarms.current.isEmpty)
            running.cancel()
            await running.value
        }
    }

    @Test("a thousand files taken at once: all handovers arrive, a misdirection overtakes them, nobody is alarmed")
    func thousand() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let person = try await pair.deliver()
            let ids = try await pair.exchanged(1000)
            try await pair.watching {
                try await pair.until {
                    try await pair.policeAgency.ledger.duties(.open(.collection), limit: 2000).count == 1
                }
            }
            // Both are owed before anything is handed over, so that the order is the postman's and not the machine's.
            try await pair.scene.policeHouse.duties.misdirected(person, because: "Not ours.", by: "r.okafor")
            let posts = pair.policePost()
            let running = Task { await posts.run() }
            try await pair.until { try await pair.heardHandovers == ids.count }
            let told = await pair.heardOrder
            let place = try #require(told.firstIndex(of: person))
            #expect(place < ids.count / 2, "the misdirection was number \(place)")
            #expect(pair.policeAgency.alarms.current.isEmpty, "\(pair.policeAgency.alarms.current)")
            running.cancel()
            await running.value
        }
    }
}

/// A courier whose partner takes nothing about one consignment.
private final class Doorkeeper: Courier {
    private let honest: FakeCourier<Arrivals>
    private let shutTo: ConsignmentID
    private let state = Mutex((isOpen: false, refusals: 0))

    init(_ honest: FakeCourier<Arrivals>, shutTo: ConsignmentID) {
        self.honest = honest
        self.shutTo = shutTo
    }

    var refusals: Int { state.withLock { $0.refusals } }
    func open() { state.withLock { $0.isOpen = true } }

    func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? {
        let isShut = state.withLock { state in
            guard id == shutTo, !state.isOpen else { return false }
            state.refusals += 1
            return true
        }
        if isShut { return TryLater(.busy, "Too many statements in this minute.", after: 1) }
        return await honest.post(statement: statement, about: id)
    }

    func carry(_ batch: [Outgoing]) async -> [CarryEnd] { await honest.carry(batch) }
    func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] { await honest.enquire(ids) }
    func fetchCard() async throws(TryLater) -> [UInt8] { try await honest.fetchCard() }
    func settled(_ ids: [ConsignmentID]) async {}
    func shutdown() async {}
}

extension LaterStatementTests.Pair {
    /// A statement of the recipient, or of whoever's keys these are.
    func signed(
        _ kind: LaterStatement.Kind, _ id: ConsignmentID, _ because: String = "", waybill: Digest? = nil,
        by keys: KeyRing? = nil, as other: ConsignmentID? = nil
    ) async throws -> [UInt8] {
        let record = try await scene.agency.ledger.record(ConsignmentKey(.sent, scene.police.id, id))
        let now = WallClock.now()
        let statement = LaterStatement(
            kind, consignment: other ?? id, waybill: try waybill ?? #require(record?.waybill), parties: try parties(),
            because: because, moment: kind == .handover || kind == .uncollected ? now : nil, signedAt: now)
        let signing = (keys ?? scene.police.keys).signing
        return try StatementSigner(key: signing.key(), certificate: signing.certificate)
            .sign(statement.encoded, at: now)
    }

    func toStockton(_ bytes: [UInt8]) async -> Transport.Problem? {
        await stocktonDesk.take(statement: bytes, from: scene.police.id)
    }

    /// About which consignment each statement was that came there, in order.
    var heardOrder: [ConsignmentID] {
        get async {
            await scene.stockton.ledger.testOnlyEvents.filter { $0.leaf.kind == .heard }.compactMap(\.leaf.consignment)
        }
    }

    var heardHandovers: Int {
        get async throws {
            // All that is heard there but the one misdirection.
            let heard = await scene.stockton.ledger.testOnlyEvents.count { $0.leaf.kind == .heard }
            return try await heard - duties(scene.agency, .incident).count
        }
    }

    /// Both ledgers after so many deliveries whose files are gone from the inbox: only their side-cars are left.
    func exchanged(_ count: Int) async throws -> [ConsignmentID] {
        let now = WallClock.now()
        let sideCars = try policeAgency.layout.waybills(scene.stockton.id)
        var ids: [ConsignmentID] = []
        for number in 0..<count {
            let id = ConsignmentID.make(at: now)
            let waybill = try Digest(Random.bytes(32))
            try await appendSent(id, waybill, at: now)
            try await appendReceived(id, waybill, "file-\(number)", at: now)
            try DurableFile.write([], to: sideCars, #require(FileName("\(id).json")), mode: 0o640, .contentSynced)
            ids.append(id)
        }
        return ids
    }

    private func appendSent(_ id: ConsignmentID, _ waybill: Digest, at now: Instant) async throws {
        var record = ConsignmentRecord(
            key: ConsignmentKey(.sent, scene.police.id, id), state: .dispatching,
            route: try RouteName("strategy-meeting"), name: nil, waybill: waybill)
        for (kind, state) in [(EventKind.sentBefore, ConsignmentState.dispatching), (.delivered, .delivered)] {
            record.state = state
            try await scene.stockton.ledger.append([
                NewEvent(
                    at: now, kind: kind, consignment: id, partner: scene.police.id, detail: EventDetail([:]),
                    record: record)
            ])
        }
    }

    private func appendReceived(_ id: ConsignmentID, _ waybill: Digest, _ place: String, at now: Instant) async throws {
        let key = ConsignmentKey(.received, scene.stockton.id, id)
        var record = ConsignmentRecord(
            key: key, state: .publishing, route: try RouteName("strategy-meeting"), name: nil, waybill: waybill,
            place: place, inode: "1:2:3:4")
        let duty = Duty(.collection, id: .make(at: now), about: key, openedAt: now, due: now.adding(seconds: 86_400))
        for (kind, state) in [(EventKind.publishing, ConsignmentState.publishing), (.received, .delivered)] {
            record.state = state
            try await scene.police.ledger.append([
                NewEvent(
                    at: now, kind: kind, consignment: id, partner: key.partner,
                    detail: EventDetail([:], duties: kind == .received ? [duty] : []), record: record)
            ])
        }
    }
}
