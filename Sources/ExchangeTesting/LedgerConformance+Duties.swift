internal import Ledger
internal import Vocabulary

// Duties.
extension LedgerConformance {
    private func change(_ duties: Duty..., of key: ConsignmentKey) -> NewEvent { later(.duty, key, duties: duties) }

    /// Opened at `start` and due after so many days.
    private func duty(
        _ kind: Duty.Kind, about key: ConsignmentKey, subject: String? = nil, days: Int64 = 30
    ) -> Duty {
        Duty(kind, id: ConsignmentID.make(at: start), about: key, subject: subject, openedAt: start, due: day(days))
    }

    private func requireDuties(_ duties: [Duty], in ledger: any Ledger, line: Int = #line) async throws {
        let found = try await ledger.duties(DutyFilter(), limit: 9)
        try require(found == duties, "other duties: \(found)", line: line)
    }

    func dutyLife(_ ledger: any Ledger) async throws {
        let arrival = try arrival()
        let key = arrival.key
        var duty = duty(.notice, about: key, subject: "CASE-1")
        duty.dueLegal = day(32)
        duty.facts = ["obtained": "2026-01-31", "é": "\"\n"]
        try await ledger.append([event(.publishing, arrival, duties: [duty])])
        try await requireDuties([duty], in: ledger)
        (duty.state, duty.deferredUntil, duty.by) = (.deferred, day(40), "person:ann")
        (duty.ground, duty.because) = ("14-5-b", "the police ask us to wait")
        try await ledger.append([change(duty, of: key)])
        try await requireDuties([duty], in: ledger)
        (duty.due, duty.dueLegal, duty.facts) = (day(20), nil, [:])
        try await ledger.append([change(duty, of: key)])
        try await requireDuties([duty], in: ledger)
        duty.close(at: day(41), by: "daemon", ground: "told")
        try await ledger.append([change(duty, of: key)])
        try await requireDuties([duty], in: ledger)
        try require(try await ledger.duties(.open(), limit: 9).isEmpty, "a closed duty is open")
        let kinds = try await ledger.events(of: key).map(\.leaf.kind)
        try require(kinds == [.publishing, .duty, .duty, .duty], "other events")
    }

    func severalDuties(_ ledger: any Ledger) async throws {
        let key = try arrival().key
        let (one, two) = (duty(.notice, about: key, days: 1), duty(.recall, about: key, days: 2))
        var later = one
        later.due = day(3)
        try await ledger.append([change(one, two, of: key), change(later, of: key)])
        try await requireDuties([two, later], in: ledger)
    }

    func refusedDuties(_ ledger: any Ledger) async throws {
        let key = try arrival().key
        let fresh = duty(.review, about: key)
        try await trouble("an end without a beginning") {
            try await ledger.append([change(fresh, of: key), later(.received, key)])
        }
        try await requireDuties([], in: ledger)
        var duty = duty(.notice, about: key, subject: "CASE-1")
        try await ledger.append([change(duty, of: key)])
        var closed = duty
        closed.close(at: day(1), by: "daemon", ground: "told")
        try await trouble("a duty opened again") {
            try await ledger.append([change(closed, of: key), change(duty, of: key)])
        }
        try await requireDuties([duty], in: ledger)
        try await ledger.append([change(closed, of: key)])
        duty.due = day(2)
        let said = try await trouble("a change to a closed duty") {
            try await ledger.append([change(fresh, duty, of: key)])
        }
        let words = "the ledger refused it: duty \(duty.id): is closed and never changes again"
        try require(said == .refused(words), "said \(said)")
        try await requireDuties([closed], in: ledger)
        try require(try await ledger.events(of: key).count == 2, "other events")
    }

    /// Seven duties in the order of `next`, about three consignments.
    private func sample(_ key: ConsignmentKey) throws -> [Duty] {
        let other = ConsignmentKey(.sent, key.partner, key.id)
        let third = ConsignmentKey(.received, try AgencyID("tees-nhs"), key.id)
        var deferred = duty(.notice, about: key, subject: "CASE-2", days: 1)
        (deferred.state, deferred.deferredUntil) = (.deferred, day(6))
        var waived = duty(.incident, about: other, subject: "CASE-1", days: 4)
        (waived.state, waived.deferredUntil) = (.open, day(1))
        var closed = duty(.notice, about: key, subject: "CASE-1", days: 3)
        closed.close(at: day(2), by: "daemon", ground: "told")
        return [
            duty(.notice, about: key, subject: "CASE-1", days: 1), duty(.post, about: third, days: 2),
            closed, waived, duty(.notice, about: other, subject: "CASE-1", days: 5), deferred,
            duty(.review, about: key, days: 7),
        ]
    }

    /// Filters, and which of `sample` each finds.
    private func filters(_ key: ConsignmentKey) -> [(DutyFilter, [Int])] {
        func filter(_ set: (inout DutyFilter) -> Void) -> DutyFilter {
            var filter = DutyFilter()
            set(&filter)
            return filter
        }
        let sent = ConsignmentKey(.sent, key.partner, key.id)
        return [
            (DutyFilter(), [0, 1, 2, 3, 4, 5, 6]), (.open(), [0, 1, 3, 4, 5, 6]), (.open(.notice), [0, 4, 5]),
            (.open(.post, .review), [1, 6]), (filter { $0.states = [.closed] }, [2]),
            (filter { $0.kinds = [.notice] }, [0, 2, 4, 5]), (filter { $0.kinds = [.recall] }, []),
            (filter { $0.kinds = [] }, []), (filter { $0.states = [] }, []),
            (filter { ($0.states, $0.subject) = ([], "CASE-1") }, []),
            (filter { $0.subject = "CASE-1" }, [0, 2, 3, 4]), (filter { $0.subject = "CASE-9" }, []),
            (filter { $0.consignment = key }, [0, 2, 5, 6]), (filter { $0.consignment = sent }, [3, 4]),
            (filter { $0.dueBefore = day(6) }, [0, 1, 2, 3, 4]), (filter { $0.dueBefore = day(1) }, []),
            (filter { ($0.subject, $0.kinds, $0.states) = ("CASE-1", [.notice], [.open]) }, [0, 4]),
            (filter { ($0.consignment, $0.subject) = (sent, "CASE-1") }, [3, 4]),
            (filter { ($0.consignment, $0.dueBefore) = (key, day(6)) }, [0, 2]),
            (filter { ($0.states, $0.dueBefore) = ([.open, .deferred], day(7)) }, [0, 1, 3, 4, 5]),
        ]
    }

    func dutyFilters(_ ledger: any Ledger) async throws {
        let key = try arrival().key
        let duties = try sample(key)
        for duty in duties.reversed() { try await ledger.append([change(duty, of: key)]) }
        for (filter, places) in filters(key) {
            let wanted = places.map { duties[$0] }
            try require(try await ledger.duties(filter, limit: 9) == wanted, "others by \(filter)")
            try require(try await ledger.duties(filter, limit: 2) == Array(wanted.prefix(2)), "others by \(filter)")
        }
        for duty in duties {
            var filter = DutyFilter()
            filter.id = duty.id
            try require(try await ledger.duties(filter, limit: 9) == [duty], "not found by its id")
            filter.kinds = [.corrected]
            try require(try await ledger.duties(filter, limit: 9).isEmpty, "found as another kind")
        }
    }

    func dutyPages(_ ledger: any Ledger) async throws {
        let key = try arrival().key
        let duties = try sample(key) + (0..<5).map { _ in duty(.post, about: key, days: 2) }
        for duty in duties { try await ledger.append([change(duty, of: key)]) }
        for var filter in [DutyFilter(), .open(.post, .notice)] {
            let whole = try await ledger.duties(filter, limit: 99)
            var paged: [Duty] = []
            while true {
                let page = try await ledger.duties(filter, limit: 2)
                guard let last = page.last else { break }
                paged += page
                filter.after = DutyPlace(last)
            }
            try require(paged == whole && !whole.isEmpty, "the pages do not join")
        }
    }
}
