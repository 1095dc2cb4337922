import ExchangeTesting
import Ledger
import LedgerSQLite
import Testing
import Vocabulary

/// What every ledger does, whatever it is made of.
@Suite struct ConformanceTests {
    enum Kind: CaseIterable { case memory, sqlite }

    private let fixture: Fixture
    private var generator: LedgerGenerator { fixture.generator }
    private var start: Instant { fixture.start }

    init() throws { fixture = try Fixture() }

    @Test("a delivery reads back: numbers, events, statements, row", arguments: Kind.allCases)
    func readBack(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let events = generator.delivery(0)
        #expect(try await ledger.append(Array(events[..<2])) == [0, 1])
        #expect(try await ledger.append(Array(events[2...])) == [2, 3, 4, 5])
        #expect(try await ledger.append([]).isEmpty)
        let last = try #require(events.last?.record)
        #expect(try await ledger.record(last.key) == last)
        let stored = try await ledger.events(of: last.key)
        #expect(stored.map(\.leaf.kind) == events.map(\.kind))
        #expect(stored.map(\.seq) == [0, 1, 2, 3, 4, 5])
        for (stored, event) in zip(stored, events) {
            let (salt, bytes) = (try #require(stored.salt), try #require(stored.detail))
            #expect(fixture.crypto.hmac(key: salt, bytes) == stored.leaf.commitment)
            let detail = try EventDetail(parsing: bytes)
            #expect(detail.statement == event.detail.statement)
            #expect(RowDigest.told(by: detail.facts, of: .sent) != nil)
            #expect(detail.facts.members.filter { $0.key != RowDigest.member } == event.detail.facts.members)
            #expect(stored.leaf.at == event.at && stored.leaf.partner == event.partner)
        }
        #expect(Set(stored.map(\.salt)).count == 6)
        #expect(try await ledger.statement(.signed, of: last.key) == events[3].detail.statement)
        #expect(try await ledger.statement(.claimed, of: last.key) == nil)
        #expect(try await ledger.statement(.received, of: last.key) == nil)
    }

    @Test("the checkpoint covers everything, verifies, and carries proofs of every event", arguments: Kind.allCases)
    func proofs(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let empty = try SignedNote(parsing: Array(try await ledger.checkpoint().utf8))
        #expect(try Checkpoint(body: empty.body).root == fixture.crypto.sha256([]))
        let deliveries = (0..<3).map(generator.delivery)
        for events in deliveries { try await ledger.append(events) }
        let note = try SignedNote(parsing: Array(try await ledger.checkpoint().utf8))
        let origin = try Checkpoint(body: note.body).origin
        let key = try fixture.noteKey(origin)
        #expect(try Checkpoint(verifying: note, by: key, fixture.crypto).size == 18)
        var proved: [Int64] = []
        for events in deliveries {
            let consignment = try #require(events[0].record?.key)
            for event in try await ledger.events(of: consignment) {
                let proof = try await ledger.proof(of: event.seq)
                try TlogProof(parsing: Array(proof.text.utf8)).verify(leaf: event.leaf.bytes, by: key, fixture.crypto)
                proved.append(event.seq)
            }
        }
        #expect(proved == Array(0..<18))
        await #expect(throws: LedgerTrouble.self) { try await ledger.inclusionProof(of: 0, in: 19) }
        await #expect(throws: LedgerTrouble.self) { try await ledger.inclusionProof(of: 18, in: 18) }
    }

    @Test("an impossible event is refused with all that came with it", arguments: Kind.allCases)
    func impossible(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let events = generator.delivery(0)
        try await ledger.append(Array(events[..<2]))
        await #expect(throws: LedgerTrouble.self) { try await ledger.append([events[2], events[5]]) }
        await #expect(throws: LedgerTrouble.self) { try await ledger.append([events[0]]) }
        let key = try #require(events[0].record?.key)
        #expect(try await ledger.events(of: key).count == 2)
        #expect(try await ledger.append(Array(events[2...])) == [2, 3, 4, 5])
    }

    @Test("one id in both directions and with two partners is three consignments", arguments: Kind.allCases)
    func threeKeys(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let ours = generator.delivery(0)
        let sent = try #require(ours.last?.record)
        let same = try received(start, partner: sent.key.partner.text, id: sent.key.id)
        let other = try received(start, partner: "tees-nhs", id: sent.key.id)
        try await ledger.append(ours)
        try await ledger.append([event(.publishing, same, at: start)])
        try await ledger.append([event(.publishing, other, at: start)])
        #expect(try await ledger.events(of: sent.key).count == 6)
        #expect(try await ledger.events(of: same.key).map(\.leaf.kind) == [.publishing])
        #expect(try await ledger.record(other.key) == other)
        var filter = LedgerFilter()
        filter.id = sent.key.id
        #expect(Set(try await ledger.list(filter, after: nil, limit: 9).map(\.key)) == [sent.key, same.key, other.key])
    }

    @Test("staging marks last until the arrival ends, attempts until the delivery ends", arguments: Kind.allCases)
    func passing(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        var arrival = try received(start)
        let marks = (1...2).map { StagingMark(key: arrival.key, waybill: fixture.identity, next: $0, at: start) }
        for mark in marks { try await ledger.setStagingMark(mark) }
        #expect(try await ledger.stagingMark(arrival.key) == marks[1])
        try await ledger.append([event(.publishing, arrival, at: start)])
        #expect(try await ledger.stagingMarks() == [marks[1]])
        arrival.state = .delivered
        try await ledger.append([event(.received, arrival, at: start)])
        #expect(try await ledger.stagingMarks().isEmpty)
        try await ledger.setStagingMark(marks[0])
        try await ledger.clearStagingMark(arrival.key)
        #expect(try await ledger.stagingMark(arrival.key) == nil)

        let events = generator.delivery(0)
        let key = try #require(events[0].record?.key)
        try await ledger.append(Array(events[..<5]))
        for count in 1...2 {
            try await ledger.noteAttempt(Attempt(key: key, count: count, lastAt: start, nextAt: start, why: "away"))
        }
        #expect(try await ledger.attempts().map(\.count) == [2])
        try await ledger.append([events[5]])
        #expect(try await ledger.attempts().isEmpty)
    }

    @Test("a row keeps its first sight while everything else of it may change", arguments: Kind.allCases)
    func changes(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        var record = try received(start)
        record.cases = ["A", "B"]
        try await ledger.append([event(.publishing, record, at: start)])
        record.state = .delivered
        record.cases = ["B", "C"]
        (record.name, record.sha256, record.deliveredAt) = (nil, fixture.identity, start.adding(seconds: 60))
        record.why = "because"
        (record.regime, record.isEmergency, record.decidedBy) = ("dpa-part-3", true, "person:ann")
        record.supersedes = ConsignmentID.make(at: start)
        try await ledger.append([event(.received, record, at: start.adding(seconds: 60))])
        #expect(try await ledger.record(record.key) == record)
        #expect(try await keys(ledger) { $0.caseReference = "A" }.isEmpty)
        #expect(try await keys(ledger) { $0.caseReference = "C" } == [record.key])
        #expect(try await keys(ledger) { $0.sha256 = fixture.identity } == [record.key])
        #expect(try await keys(ledger) { $0.supersedes = record.supersedes } == [record.key])
        #expect(try await keys(ledger) { $0.supersedes = record.key.id }.isEmpty)
        #expect(
            try await keys(ledger) {
                $0.supersedes = record.supersedes; $0.caseReference = "C"; $0.direction = .received
            } == [record.key])
        #expect(
            try await keys(ledger) {
                $0.supersedes = record.supersedes; $0.caseReference = "A"
            }.isEmpty)
        #expect(
            try await keys(ledger) {
                $0.supersedes = record.supersedes; $0.states = []
            }.isEmpty)
        #expect(try await keys(ledger) { $0.name = "report*" }.isEmpty)
        #expect(try await keys(ledger) { $0.until = start.adding(seconds: 1) } == [record.key])
        #expect(try await keys(ledger) { $0.since = start.adding(seconds: 1) }.isEmpty)
        #expect(try await ledger.counts() == [.received: [.delivered: 1]])
    }

    private func keys(
        _ ledger: any Ledger, _ set: (inout LedgerFilter) throws -> Void
    ) async throws -> [ConsignmentKey] {
        var filter = LedgerFilter()
        try set(&filter)
        return try await ledger.list(filter, after: nil, limit: 100).map(\.key)
    }

    /// Filters, and how many of the consignments of `pages` each finds.
    private static func filters(_ start: Instant, _ generator: LedgerGenerator) throws -> [(LedgerFilter, Int)] {
        func filter(
            _ partner: String? = nil, _ direction: Direction? = nil, states: Set<ConsignmentState>? = nil,
            since: Int64? = nil, until: Int64? = nil, reference: String? = nil, file: Int? = nil, name: String? = nil,
            like: String? = nil
        ) throws -> LedgerFilter {
            var filter = LedgerFilter()
            (filter.partner, filter.direction, filter.states) = (try partner.map(AgencyID.init), direction, states)
            (filter.since, filter.until) = (since.map(start.adding), until.map(start.adding))
            (filter.caseReference, filter.sha256, filter.name) = (reference, file.map(generator.digest), name)
            filter.likeName = like
            return filter
        }
        return try [
            (filter(), 30), (filter(nil, .sent), 20), (filter("harbour"), 14),
            (filter(states: [.publishing]), 10), (filter(states: [.claimed, .publishing]), 21),
            (filter("harbour", states: [.claimed]), 2), (filter(states: []), 0),
            (filter(since: 2, until: 5), 7),
            (filter(name: "minutes*1?.pdf"), 10), (filter(name: "*[3-5].pdf"), 6), (filter(name: "minutes*"), 20),
            (filter(nil, .received, name: "*é*"), 10), (filter(name: "Minutes*"), 0),
            (filter(like: "MINUTES*"), 20), (filter(like: "minutes*1?.PDF"), 10), (filter(like: "Minuten*"), 0),
            // Composed, decomposed, and in capitals: the name holds a composed é.
            (filter(like: "report \u{e9}*"), 10), (filter(like: "report e\u{301}*"), 10),
            (filter(like: "REPORT \u{c9}*"), 10),
            (filter(reference: "CASE-2"), 3), (filter(nil, .received, reference: "CASE-2"), 0),
            (filter(file: 4), 1), (filter(reference: "X", file: 4), 0),
        ]
    }

    @Test("pages join to the whole list, newest first, in every filter", arguments: Kind.allCases)
    func pages(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        for number in 0..<20 { try await ledger.append(Array(generator.delivery(number).prefix(number % 6 + 1))) }
        for number in 0..<10 {
            let record = try received(start.adding(seconds: Int64(number / 3)))
            try await ledger.append([event(.publishing, record, at: start.adding(seconds: Int64(number / 3)))])
        }
        for (filter, count) in try Self.filters(start, generator) {
            let whole = try await ledger.list(filter, after: nil, limit: 100)
            #expect(whole.count == count, "\(filter)")
            var joined: [ConsignmentRecord] = []
            while joined.count < 100 {
                let page = try await ledger.list(filter, after: joined.last?.key, limit: 4)
                joined += page
                if page.count < 4 { break }
            }
            #expect(joined == whole)
            let sent = whole.filter { $0.key.direction == .sent }.compactMap(\.claimedAt)
            #expect(sent == sent.sorted(by: >))
        }
    }

    @Test("a page after something unknown is refused, not begun again", arguments: Kind.allCases)
    func unknownPage(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let key = try received(start).key
        await #expect(throws: LedgerTrouble.self) { try await ledger.list(LedgerFilter(), after: key, limit: 1) }
        #expect(try await ledger.record(key) == nil)
        #expect(try await ledger.counts().isEmpty)
    }

    @Test("a hundred callers at once all get their own numbers", arguments: Kind.allCases)
    func concurrent(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let numbers = try await withThrowingTaskGroup(of: [Int64].self) { [generator] group in
            for number in 0..<100 { group.addTask { try await ledger.append(generator.delivery(number)) } }
            return try await group.reduce(into: [Int64]()) { $0 += $1 }
        }
        #expect(Set(numbers) == Set(0..<600))
        #expect(try await ledger.counts() == [.sent: [.delivered: 100]])
    }
}
