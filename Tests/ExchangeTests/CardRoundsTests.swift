import Envelope
import Exchange
import ExchangeTesting
import Foundation
import Ledger
import Statements
import Synchronization
import Testing
import Transport
import Vocabulary

@Suite("Cards on their way", .timeLimit(.minutes(5)))
struct CardRoundsTests {
    /// stockton hands its card to tewv, whose desk takes cards into `taken`.
    private func between(
        _ body: (_ us: TestAgency, _ them: TestAgency, _ desk: Arrivals, _ taken: Box) async throws -> Void
    ) async throws {
        try await inTemporaryFolder { root in
            let (us, them) = (try TestAgency("stockton", root: root), try TestAgency("tewv", root: root))
            let taken = Box()
            let house = try them.house(knowing: [us.asPartner()], at: Clock())
            let desk = house.desk(card: { them.signedCard }, takeCard: { card, _ in taken.add(card) })
            try await body(us, them, desk, taken)
        }
    }

    final class Box: Sendable {
        private let cards = Mutex<[[UInt8]]>([])
        func add(_ card: [UInt8]) { cards.withLock { $0.append(card) } }
        var all: [[UInt8]] { cards.withLock { $0 } }
    }

    /// Another card of the same identity.
    private func newer(_ agency: TestAgency, _ seconds: Int64) throws -> [UInt8] {
        try TestCard.sign(agency.id, agency.keys, at: Clock.start.adding(seconds: seconds))
    }

    @Test("the card that we have changes nothing, another one is handed on, and so many in an hour are too many")
    func arriving() async throws {
        try await between { us, _, desk, taken in
            #expect(await desk.take(statement: us.signedCard, from: us.id) == nil)
            #expect(taken.all.isEmpty)
            for number in 1...60 {
                let card = try newer(us, Int64(number))
                #expect(await desk.take(statement: card, from: us.id) == nil)
            }
            #expect(taken.all.count == 60)
            let another = try newer(us, 100)
            #expect(await desk.take(statement: another, from: us.id)?.kind == .busy)
            #expect(taken.all.count == 60)
        }
    }

    @Test("our card is tried again until it is taken, remembered, and theirs is fetched and handed on")
    func rounds() async throws {
        try await between { us, them, desk, taken in
            let (fetched, clock) = (Box(), Clock(live: true))
            var rules = HouseRules()
            (rules.retryFirst, rules.retryMost) = (0.05, 0.1)
            let house = try us.house(knowing: [them.asPartner()], at: clock, rules: rules)
            let courier = FakeCourier(from: us.id, to: desk)
            courier.away = TryLater(.unreachable, "The test says so.")
            let sending = house.sending(SendingParts(contacts: rules.contacts), by: courier)
            let mine = try newer(us, 5)
            let rounds = CardRounds(
                agency: house.agency, sending: sending, ours: { mine }, take: { card, _ in fetched.add(card) })
            let running = Task { await rounds.run() }
            try await Task.sleep(for: .milliseconds(300))
            #expect(taken.all.isEmpty)
            courier.away = nil
            while taken.all.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            #expect(taken.all == [mine])
            let remembered = SHA256.digest(mine).hex
            while try await us.ledger.remembered("card/tewv") != remembered {
                try await Task.sleep(for: .milliseconds(20))
            }
            running.cancel()
            await running.value
            #expect(fetched.all.isEmpty)
        }
    }

    @Test("the alarm about their card goes when they show the one that we know")
    func knownAgain() async throws {
        try await between { us, them, desk, _ in
            let house = try us.house(knowing: [them.asPartner()], at: Clock(live: true))
            let sending = house.sending(
                SendingParts(contacts: HouseRules().contacts), by: FakeCourier(from: us.id, to: desk))
            house.agency.alarms.alarm("card/tewv", "The card that tewv shows is not taken.")
            let rounds = CardRounds(
                agency: house.agency, sending: sending, ours: { us.signedCard },
                take: { _, _ in throw CardProblem.lacks(them.id, .tls) })
            let running = Task { await rounds.run() }
            while house.agency.alarms.current["card/tewv"] != nil { try await Task.sleep(for: .milliseconds(20)) }
            running.cancel()
            await running.value
        }
    }
}
