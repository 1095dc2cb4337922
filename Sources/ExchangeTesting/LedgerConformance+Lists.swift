internal import Ledger
internal import Vocabulary

// Rows as they change, and lists of them.
extension LedgerConformance {
    func changes(_ ledger: any Ledger) async throws {
        let digest = generator.digest(0)
        var record = try arrival()
        record.cases = ["A", "B"]
        try await ledger.append([event(.publishing, record)])
        record.state = .delivered
        record.cases = ["B", "C"]
        (record.name, record.sha256, record.deliveredAt) = (nil, digest, start.adding(seconds: 60))
        record.why = "because"
        (record.regime, record.isEmergency, record.decidedBy) = ("dpa-part-3", true, "person:ann")
        record.supersedes = ConsignmentID.make(at: start)
        try await ledger.append([event(.received, record, at: start.adding(seconds: 60))])
        try require(try await ledger.record(record.key) == record, "another row")
        try require(try await ledger.counts() == [.received: [.delivered: 1]], "other counts")
        let (key, replaced) = (record.key, record.supersedes)
        func keys(_ set: (inout LedgerFilter) -> Void, line: Int = #line) async throws -> [ConsignmentKey] {
            var filter = LedgerFilter()
            set(&filter)
            return try await ledger.list(filter, after: nil, limit: 100).map(\.key)
        }
        try require(try await keys { $0.caseReference = "A" }.isEmpty, "found by a former case")
        try require(try await keys { $0.caseReference = "C" } == [key], "not found by its case")
        try require(try await keys { $0.sha256 = digest } == [key], "not found by its digest")
        try require(try await keys { $0.supersedes = replaced } == [key], "not found by what it replaces")
        try require(try await keys { $0.supersedes = key.id }.isEmpty, "found as its own replacement")
        let all = try await keys { ($0.supersedes, $0.caseReference, $0.direction) = (replaced, "C", .received) }
        try require(all == [key], "not found by three conditions")
        try require(try await keys { ($0.supersedes, $0.caseReference) = (replaced, "A") }.isEmpty, "one is enough")
        try require(try await keys { ($0.supersedes, $0.states) = (replaced, []) }.isEmpty, "found in no state")
        try require(try await keys { $0.name = "report*" }.isEmpty, "found by a former name")
        try require(try await keys { $0.until = start.adding(seconds: 1) } == [key], "its first sight moved")
        try require(try await keys { $0.since = start.adding(seconds: 1) }.isEmpty, "its first sight moved")
    }

    /// Filters, and how many of the consignments of `pages` each finds.
    private func filters() throws -> [(LedgerFilter, Int)] {
        func filter(_ set: (inout LedgerFilter) -> Void = { _ in }) -> LedgerFilter {
            var filter = LedgerFilter()
            set(&filter)
            return filter
        }
        let harbour = try AgencyID("harbour")
        let (two, five, digest) = (start.adding(seconds: 2), start.adding(seconds: 5), generator.digest(4))
        let named = [
            ("minutes*1?.pdf", 10), ("*[3-5].pdf", 6), ("minutes*", 20), ("Minutes*", 0),
        ].map { name, count in (filter { $0.name = name }, count) }
        // Composed, decomposed, and in capitals: the name holds a composed é.
        let alike = [
            ("MINUTES*", 20), ("minutes*1?.PDF", 10), ("Minuten*", 0), ("report \u{e9}*", 10),
            ("report e\u{301}*", 10), ("REPORT \u{c9}*", 10),
        ].map { name, count in (filter { $0.likeName = name }, count) }
        return named + alike + [
            (filter(), 30), (filter { $0.direction = .sent }, 20), (filter { $0.partner = harbour }, 14),
            (filter { $0.states = [.publishing] }, 10), (filter { $0.states = [.claimed, .publishing] }, 21),
            (filter { ($0.partner, $0.states) = (harbour, [.claimed]) }, 2), (filter { $0.states = [] }, 0),
            (filter { ($0.since, $0.until) = (two, five) }, 7),
            (filter { ($0.direction, $0.name) = (.received, "*é*") }, 10),
            (filter { $0.caseReference = "CASE-2" }, 3),
            (filter { ($0.direction, $0.caseReference) = (.received, "CASE-2") }, 0),
            (filter { $0.sha256 = digest }, 1),
            (filter { ($0.caseReference, $0.sha256) = ("X", digest) }, 0),
        ]
    }

    func pages(_ ledger: any Ledger) async throws {
        for number in 0..<20 { try await ledger.append(Array(generator.delivery(number).prefix(number % 6 + 1))) }
        for number in 0..<10 {
            let at = start.adding(seconds: Int64(number / 3))
            try await ledger.append([event(.publishing, try arrival(at: at), at: at)])
        }
        for (filter, count) in try filters() {
            let whole = try await ledger.list(filter, after: nil, limit: 100)
            try require(whole.count == count, "\(whole.count) instead of \(count) by \(filter)")
            var joined: [ConsignmentRecord] = []
            while joined.count < 100 {
                let page = try await ledger.list(filter, after: joined.last?.key, limit: 4)
                joined += page
                if page.count < 4 { break }
            }
            try require(joined == whole, "the pages do not join, by \(filter)")
            let sent = whole.filter { $0.key.direction == .sent }.compactMap(\.claimedAt)
            try require(sent == sent.sorted(by: >), "not the newest first, by \(filter)")
        }
    }

    func unknownPage(_ ledger: any Ledger) async throws {
        let key = try arrival().key
        try await trouble("a page after nothing known") {
            _ = try await ledger.list(LedgerFilter(), after: key, limit: 1)
        }
        try require(try await ledger.record(key) == nil, "a row of nothing")
        try require(try await ledger.counts().isEmpty, "counts of nothing")
    }
}
