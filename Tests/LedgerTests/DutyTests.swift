import Ledger
import Testing
import Vocabulary

struct DutyTests {
    private let at = Instant(seconds: 1_800_000_000)
    private let key: ConsignmentKey

    init() throws { key = ConsignmentKey(.received, try AgencyID("harbour"), ConsignmentID.make(at: at)) }

    private func duty(_ kind: Duty.Kind = .notice, subject: String? = "CASE-1") -> Duty {
        Duty(
            kind, id: ConsignmentID.make(at: at), about: key, subject: subject, openedAt: at,
            due: at.adding(seconds: 60))
    }

    private func event(_ duties: Duty...) -> NewEvent {
        NewEvent(
            at: at, kind: .duty, consignment: key.id, partner: key.partner, detail: EventDetail([:], duties: duties))
    }

    private func projection(_ known: [Duty]) -> Projection {
        Projection(stage: { _ in nil }, duty: { id in known.first { $0.id == id } })
    }

    @Test("a duty reads back from the detail of its event, whatever is set of it")
    func roundTrip() throws {
        var full = duty(.incident)
        (full.state, full.dueLegal, full.deferredUntil) = (.deferred, at.adding(seconds: 90), at.adding(seconds: 30))
        (full.ground, full.because, full.by) = ("14-5-b", "in a person's words: \"é\"\n", "person:ann")
        full.facts = ["obtained": "2026-01-31"]
        var closed = duty(.post, subject: nil)
        closed.close(at: at, by: "daemon", ground: "taken")
        let duties = [duty(), full, closed]
        let detail = EventDetail(["size": .integer(1)], duties: duties, statement: [0x30, 0x0a])
        let parsed = try EventDetail(parsing: detail.bytes)
        #expect(try parsed == detail && parsed.duties == duties)
        #expect(try EventDetail(["size": .integer(1)], duties: []).duties.isEmpty)
    }

    @Test("a duty needs eyes when it is due, or when its deferral ends")
    func next() {
        var duty = duty()
        #expect(duty.next == duty.due)
        (duty.state, duty.deferredUntil) = (.deferred, at)
        #expect(duty.next == at)
        duty.close(at: at, by: "daemon", ground: "told")
        #expect(duty.next == duty.due && !duty.isOpen && duty.deferredUntil == nil)
    }

    @Test(
        "a damaged duty is refused",
        arguments: [
            ("kind", .string("errand")), ("state", .string("asleep")), ("due", .string("tomorrow")),
            ("facts", .array([])), ("facts", .object(["a": .integer(1)])), ("more", .bool(true)), ("id", nil),
        ] as [(String, JSON?)])
    func damaged(name: String, value: JSON?) throws {
        guard case .object(var members) = duty().json else { throw Malformed("test", "needs an object") }
        members[name] = value
        #expect(throws: Malformed.self) { try Duty(.object(members)) }
    }

    @Test("each duty stands as the last event of the append carries it")
    func last() throws {
        let (one, two) = (duty(), duty(.recall))
        var later = one
        later.due = at.adding(seconds: 90)
        var projection = projection([two])
        try projection.take([event(one, two), event(later)])
        #expect(projection.duties.mapValues(\.duty) == [one.id: later, two.id: two])
        #expect(projection.duties.mapValues(\.event) == [one.id: 1, two.id: 0])
    }

    @Test("a closed duty never changes again, not even within one append")
    func closed() throws {
        let open = duty()
        var closed = open
        closed.close(at: at, by: "daemon", ground: "told")
        var (fresh, known) = (projection([]), projection([closed]))
        #expect(throws: Malformed("duty \(open.id)", "is closed and never changes again")) {
            try fresh.take([event(open), event(closed), event(open)])
        }
        #expect(throws: Malformed("duty \(open.id)", "is closed and never changes again")) {
            try known.take([event(closed)])
        }
    }

    @Test("what a duty is about never changes")
    func fixed() throws {
        let known = duty()
        let other = ConsignmentKey(.sent, key.partner, key.id)
        for changed in [
            Duty(.review, id: known.id, about: key, subject: "CASE-1", openedAt: at, due: known.due),
            Duty(.notice, id: known.id, about: other, subject: "CASE-1", openedAt: at, due: known.due),
            Duty(.notice, id: known.id, about: key, subject: nil, openedAt: at, due: known.due),
            Duty(.notice, id: known.id, about: key, subject: "CASE-1", openedAt: known.due, due: known.due),
        ] {
            var projection = projection([known])
            #expect(throws: Malformed.self) { try projection.take([event(changed)]) }
        }
        let same = Duty(.notice, id: known.id, about: key, subject: "CASE-1", openedAt: at, due: at)
        var projection = projection([known])
        try projection.take([event(same)])
        #expect(projection.duties[known.id]?.duty == same)
    }

    @Test("an append without duties looks none up")
    func noLookup() throws {
        var projection = Projection(stage: { _ in nil }, duty: { _ in throw Malformed("test", "was asked") })
        try projection.take([event(), event()])
        #expect(projection.duties.isEmpty)
        #expect(throws: Malformed("test", "was asked")) { try projection.take([event(duty())]) }
    }

    @Test("events give their statements by kind; erased and empty ones give none, damaged ones an error")
    func statements() throws {
        let details: [(EventKind, [UInt8]?)] = [
            (.said, EventDetail([:], statement: [1]).bytes), (.heard, EventDetail([:], statement: [2]).bytes),
            (.said, nil), (.said, EventDetail([:]).bytes), (.duty, EventDetail([:], statement: [3]).bytes),
        ]
        func stored(_ kind: EventKind, _ detail: [UInt8]?) throws -> StoredEvent {
            let leaf = Leaf(
                seq: 0, at: at, kind: kind, consignment: key.id, partner: key.partner,
                commitment: try Digest([UInt8](repeating: 0, count: 32)))
            return StoredEvent(seq: 0, leaf: leaf, salt: nil, detail: detail)
        }
        let events = try details.map(stored)
        #expect(try events.statements([.said]).map(\.bytes) == [[1]])
        #expect(try events.statements([.said, .heard]).map(\.bytes) == [[1], [2]])
        #expect(throws: Malformed.self) { try [stored(.said, [0x7b])].statements([.said]) }
        #expect(try [stored(.said, [0x7b])].statements([.heard]).isEmpty)
    }
}
