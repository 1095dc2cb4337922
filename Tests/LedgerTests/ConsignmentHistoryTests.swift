import Ledger
import Testing
import Vocabulary

struct ConsignmentHistoryTests {
    @Test(
        "a possible story ends in its state",
        arguments: [
            ([.claimed, .weighed, .released, .signed, .dispatching, .delivered], .delivered),
            ([.claimed, .weighed, .signed], .signed),
            ([.claimed, .held, .released, .weighed, .released, .signed], .signed),
            ([.claimed, .weighed, .blocked, .rejected], .rejected),
            ([.claimed, .weighed, .signed, .dispatching, .held], .held),
            ([.claimed, .weighed, .signed, .dispatching, .held, .withdrawn], .withdrawn),
            ([.claimed, .weighed, .signed, .dispatching, .withdrawn, .delivered], .delivered),
            ([.claimed, .weighed, .signed, .dispatching, .delivered, .recalled], .recalled),
            ([.claimed, .weighed, .signed, .dispatching, .recalled, .delivered], .recalled),
            ([.claimed, .weighed, .signed, .dispatching, .lost, .delivered], .delivered),
            ([.claimed, .incident, .weighed, .incident], .claimed),
            ([.publishing, .publishing, .received], .delivered),
            ([.declined], .refused), ([.abandoned], .withdrawn), ([.incident], nil), ([], nil),
        ] as [([EventKind], ConsignmentState?)])
    func possible(kinds: [EventKind], state: ConsignmentState?) throws {
        #expect(try ConsignmentHistory(kinds).state == state)
    }

    @Test(
        "an impossible story is refused at its last event",
        arguments: [
            [.delivered], [.weighed], [.signed], [.received],
            [.claimed, .signed],
            [.claimed, .claimed],
            [.claimed, .weighed, .delivered],
            [.claimed, .weighed, .signed, .delivered],
            [.claimed, .weighed, .signed, .signed],
            [.claimed, .weighed, .blocked, .released],
            [.claimed, .weighed, .signed, .dispatching, .held, .released],
            [.claimed, .weighed, .signed, .dispatching, .delivered, .delivered],
            [.claimed, .weighed, .signed, .dispatching, .refused, .delivered],
            [.claimed, .publishing],
            [.publishing, .received, .publishing],
            [.publishing, .declined],
            [.declined, .publishing],
        ] as [[EventKind]])
    func impossible(kinds: [EventKind]) throws {
        var history = try ConsignmentHistory(kinds.dropLast())
        let before = history
        let last = try #require(kinds.last)
        #expect(throws: Malformed.self) { try history.take(last) }
        #expect(history == before)
        #expect(!history.allowed.contains(last))
    }

    @Test("every stage but the first has a state, and no kind crosses from one direction to the other")
    func tables() {
        for stage in ConsignmentHistory.Stage.allCases {
            let history = ConsignmentHistory(stage: stage)
            #expect((history.state == nil) == (stage == .new))
            if stage != .new { #expect(Set(history.allowed.map(\.direction)).count <= 1) }
        }
    }
}

struct ProjectionTests {
    private let key: ConsignmentKey
    private let at = Instant(seconds: 1_800_000_000)
    private let record: ConsignmentRecord

    init() throws {
        key = ConsignmentKey(.sent, try AgencyID("harbour"), ConsignmentID.make(at: at))
        record = ConsignmentRecord(key: key, state: .claimed, route: try RouteName("audit"), name: nil)
    }

    private func event(_ kind: EventKind, _ record: ConsignmentRecord? = nil) -> NewEvent {
        NewEvent(
            at: at, kind: kind, consignment: key.id, partner: key.partner, detail: EventDetail([:]), record: record)
    }

    @Test("the record may come with the last event of an append")
    func late() throws {
        var projection = Projection(stage: { _ in nil }, duty: { _ in nil })
        try projection.take([event(.claimed), event(.weighed, record)])
        let row = try #require(projection.rows[key])
        #expect(row.isNew && row.record?.state == .claimed && row.history.stage == .weighed)
    }

    @Test("a later event without record moves the record given before")
    func moved() throws {
        var projection = Projection(stage: { _ in nil }, duty: { _ in nil })
        try projection.take([event(.claimed, record), event(.weighed), event(.held)])
        #expect(projection.rows[key]?.record?.state == .held)
    }

    @Test("a first event without record, a contradicting record and another consignment's record are refused")
    func refused() throws {
        var wrong = record
        wrong.state = .delivered
        var other = record
        other.key = ConsignmentKey(.received, key.partner, key.id)
        let nameless = NewEvent(at: at, kind: .claimed, consignment: nil, partner: nil, detail: EventDetail([:]))
        for events in [
            [event(.claimed)], [event(.claimed, wrong)], [event(.claimed, other)], [event(.incident, record)],
            [nameless],
        ] {
            var projection = Projection(stage: { _ in nil }, duty: { _ in nil })
            #expect(throws: Malformed.self) { try projection.take(events) }
        }
    }

    @Test("what ends an arrival or a dispatch says so")
    func endings() throws {
        var projection = Projection(stage: { _ in .dispatching }, duty: { _ in nil })
        try projection.take([event(.delivered)])
        #expect(projection.rows[key]?.endings == [.clearAttempt])
    }
}
