internal import Ledger
internal import Vocabulary

// What is remembered, but is no evidence.
extension LedgerConformance {
    func passing(_ ledger: any Ledger) async throws {
        var arrival = try arrival()
        let other = try self.arrival().key
        let marks = (1...2).map {
            StagingMark(key: arrival.key, waybill: generator.digest(0), next: $0, at: start)
        }
        for mark in marks { try await ledger.setStagingMark(mark) }
        try require(try await ledger.stagingMark(arrival.key) == marks[1], "another mark")
        try require(try await ledger.stagingMark(other) == nil, "a mark of another arrival")
        try await ledger.append([event(.publishing, arrival)])
        try require(try await ledger.stagingMarks() == [marks[1]], "the mark went too early")
        try require(try await ledger.stagingMarks(of: [other, arrival.key]) == [marks[1]], "other marks")
        arrival.state = .delivered
        try await ledger.append([event(.received, arrival)])
        try require(try await ledger.stagingMarks().isEmpty, "the mark stayed")
        try await ledger.setStagingMark(marks[0])
        try await ledger.clearStagingMark(arrival.key)
        try require(try await ledger.stagingMark(arrival.key) == nil, "the mark stayed")

        let events = generator.delivery(0)
        let key = try found(events[0].record?.key, "key")
        try await ledger.append(Array(events[..<5]))
        for count in 1...2 {
            try await ledger.noteAttempt(Attempt(key: key, count: count, lastAt: start, nextAt: start, why: "away"))
        }
        try require(try await ledger.attempts().map(\.count) == [2], "other attempts")
        try await ledger.append([events[5]])
        try require(try await ledger.attempts().isEmpty, "the attempt stayed")
    }

    func facts(_ ledger: any Ledger) async throws {
        try await ledger.remember(["card/a": "1", "card/b": "2", "clock": "3", "none": nil])
        try require(try await ledger.remembered(named: "card/") == ["card/a": "1", "card/b": "2"], "other cards")
        try require(try await ledger.remembered("clock") == "3", "another clock")
        // A name is no beginning of a name.
        try require(try await ledger.remembered("card/") == nil, "a fact of half a name")
        try require(try await ledger.remembered(named: "none").isEmpty, "nil is a value")
        try await ledger.remember(["card/a": nil, "card/b": "4"])
        try require(try await ledger.remembered(named: "") == ["card/b": "4", "clock": "3"], "other facts")
        try await ledger.remember("clock", nil)
        try require(try await ledger.remembered("clock") == nil, "a fact was not forgotten")
    }
}
