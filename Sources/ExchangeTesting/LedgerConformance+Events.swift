internal import Ledger
internal import Vocabulary

// Events and rows.
extension LedgerConformance {
    func readsBack(_ ledger: any Ledger) async throws {
        let events = generator.delivery(0)
        try require(try await ledger.append(Array(events[..<2])) == [0, 1], "other numbers")
        try require(try await ledger.append(Array(events[2...])) == [2, 3, 4, 5], "other numbers")
        let last = try found(events.last?.record, "record")
        try require(try await ledger.record(last.key) == last, "another row")
        let other = generator.key(1)
        try require(try await ledger.records([last.key, other]) == [last.key: last], "other rows")
        let stored = try await ledger.events(of: last.key)
        try require(stored.map(\.leaf.kind) == events.map(\.kind), "other kinds")
        try require(stored.map(\.seq) == [0, 1, 2, 3, 4, 5], "other numbers")
        for (stored, event) in zip(stored, events) { try readsBack(stored, event) }
        try require(Set(stored.map(\.salt)).count == 6, "a salt was used twice")
        let signed = try await ledger.statement(.signed, of: last.key)
        try require(signed == events[3].detail.statement, "another statement")
        try require(try await ledger.statement(.claimed, of: last.key) == nil, "a statement where there is none")
        try require(try await ledger.statement(.received, of: last.key) == nil, "a statement of the other direction")
    }

    private func readsBack(_ stored: StoredEvent, _ event: NewEvent) throws {
        let (salt, bytes) = (try found(stored.salt, "salt"), try found(stored.detail, "detail"))
        try require(rig.crypto.hmac(key: salt, bytes) == stored.leaf.commitment, "another commitment")
        let detail = try EventDetail(parsing: bytes)
        try require(detail.statement == event.detail.statement, "another statement")
        try require(RowDigest.told(by: detail.facts, of: .sent) != nil, "no digest of the row")
        let facts = members(detail.facts).filter { $0.key != RowDigest.member }
        try require(facts == members(event.detail.facts), "other facts")
        try require(stored.leaf.at == event.at && stored.leaf.partner == event.partner, "another moment or partner")
    }

    private func members(_ json: JSON) -> [String: JSON] {
        guard case .object(let members) = json else { return [:] }
        return members
    }

    func refusesWhole(_ ledger: any Ledger) async throws {
        let events = generator.delivery(0)
        try await ledger.append(Array(events[..<2]))
        try await trouble("a stage left out") { try await ledger.append([events[2], events[5]]) }
        try await trouble("a second beginning") { try await ledger.append([events[0]]) }
        let key = try found(events[0].record?.key, "key")
        try require(try await ledger.events(of: key).count == 2, "something of it was written")
        try require(try await ledger.append(Array(events[2...])) == [2, 3, 4, 5], "other numbers")
    }

    func refusesOneGroup(_ ledger: any Ledger) async throws {
        var groups = (0..<20).map(generator.delivery)
        // It ends without having begun.
        groups[6].removeFirst(2)
        let answers = try await ledger.append(each: groups)
        try require(answers.count == 20, "\(answers.count) answers")
        guard case .failure(.refused) = answers[6] else { throw Nonconformance(description: "said \(answers[6])") }
        let numbers = answers.compactMap { try? $0.get() }
        try require(numbers.count == 19 && numbers.allSatisfy { $0.count == 6 }, "others were refused too")
        try require(numbers.flatMap { $0 } == Array(0..<114), "the numbers have a gap, or another order")
        try require(try await ledger.counts() == [.sent: [.delivered: 19]], "other rows")
        try require(try await ledger.agencyEvents([.epoch], of: nil).isEmpty, "an event of nobody's")
        let refused = try found(groups[6].last?.record?.key, "key")
        try require(try await ledger.record(refused) == nil, "a row of what was refused")
        try require(try await ledger.events(of: refused).isEmpty, "an event of what was refused")
        try require(try size(await ledger.checkpoint()) == 114, "the tree counts what was refused")
        try require(try await ledger.append(generator.delivery(20)).first == 114, "another next number")
    }

    func judgesInOrder(_ ledger: any Ledger) async throws {
        let (one, two) = (generator.delivery(0), generator.delivery(1))
        let answers = try await ledger.append(each: [
            Array(one[..<2]), Array(two[1...1]), Array(one[2...]), Array(two[2...]),
        ])
        let numbers = answers.map { try? $0.get() }
        try require(numbers == [[0, 1], nil, [2, 3, 4, 5], nil], "answered \(numbers)")
        let keys = [one, two].compactMap { $0.last?.record?.key }
        try require(try await ledger.records(keys).mapValues(\.state) == [keys[0]: .delivered], "other rows")
    }

    func emptyGroups(_ ledger: any Ledger) async throws {
        try require(try await ledger.append([]).isEmpty, "numbers for nothing")
        try require(try await ledger.append(each: []).isEmpty, "answers to nothing")
        let answers = try await ledger.append(each: [[], generator.delivery(0), []]).map { try $0.get() }
        try require(answers == [[], [0, 1, 2, 3, 4, 5], []], "answered \(answers)")
    }

    private func size(_ note: String) throws -> Int64 {
        try Checkpoint(body: try SignedNote(kept: Array(note.utf8)).body).size
    }

    func threeKeys(_ ledger: any Ledger) async throws {
        let ours = generator.delivery(0)
        let sent = try found(ours.last?.record, "record")
        let same = try arrival(from: sent.key.partner.text, id: sent.key.id)
        let other = try arrival(from: "tees-nhs", id: sent.key.id)
        try await ledger.append(ours)
        try await ledger.append([event(.publishing, same)])
        try await ledger.append([event(.publishing, other)])
        try require(try await ledger.events(of: sent.key).count == 6, "other events")
        try require(try await ledger.events(of: same.key).map(\.leaf.kind) == [.publishing], "other events")
        try require(try await ledger.record(other.key) == other, "another row")
        var filter = LedgerFilter()
        filter.id = sent.key.id
        let keys = try await ledger.list(filter, after: nil, limit: 9).map(\.key)
        try require(Set(keys) == [sent.key, same.key, other.key], "found \(keys)")
    }

    func concurrent(_ ledger: any Ledger) async throws {
        let numbers = try await withThrowingTaskGroup(of: [Int64].self) { [generator] group in
            for number in 0..<100 { group.addTask { try await ledger.append(generator.delivery(number)) } }
            return try await group.reduce(into: [Int64]()) { $0 += $1 }
        }
        try require(Set(numbers) == Set(0..<600), "numbers were given twice or left out")
        try require(try await ledger.counts() == [.sent: [.delivered: 100]], "other rows")
    }

    func laterStatements(_ ledger: any Ledger) async throws {
        let arrival = try arrival()
        let key = arrival.key
        try await ledger.append([event(.publishing, arrival, statement: [1])])
        try await ledger.append([
            later(.said, key, statement: [2]), later(.heard, key, at: day(1), statement: [3]),
            later(.duty, key, at: day(1)), later(.heard, key, at: day(2), statement: [4]),
        ])
        let foreign = ConsignmentKey(.received, try AgencyID("tees-nhs"), key.id)
        try await ledger.append([later(.heard, foreign, at: day(3), statement: [5])])
        try require(try await ledger.statement(.said, of: key) == [2], "another statement")
        try require(try await ledger.statement(.heard, of: key) == [4], "not the newest")
        try require(try await ledger.statement(.duty, of: key) == nil, "a statement where there is none")
        let told = try await ledger.statements([.said, .heard, .duty], of: key)
        try require(told.map(\.bytes) == [[2], [3], [4]], "other statements")
        try require(told.map(\.seq) == [1, 2, 4] && told.map(\.kind) == [.said, .heard, .heard], "other events")
        try require(told.map(\.at) == [start, day(1), day(2)], "other moments")
        try require(try await ledger.statements([.said], of: foreign).isEmpty, "another partner's statement")
        // The same id sent to the same partner: a kind without direction belongs to both stories.
        let sent = ConsignmentKey(.sent, key.partner, key.id)
        let kinds = try await ledger.events(of: sent).map(\.leaf.kind)
        try require(kinds == [.said, .heard, .duty, .heard], "other events")
        try require(try await ledger.statement(.heard, of: sent) == [4], "not the newest")
    }
}
