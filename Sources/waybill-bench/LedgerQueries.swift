internal import ExchangeTesting
internal import Ledger
internal import LedgerSQLite
internal import Vocabulary

/// Every question that a person may ask, timed on a full ledger of the generator.
struct LedgerQueries {
    let ledger: SQLiteLedger
    let generator: LedgerGenerator
    let deliveries: Int
    private static let runs = 100
    private static let page = 50

    /// A question about the delivery of this number; how many answers there were.
    private typealias Question = @Sendable (Int) async throws -> Int

    /// p50 and p99 of each, in microseconds. Throws `BenchTrouble` if one finds nothing.
    func measure() async throws -> [(String, JSON)] {
        try await vouch()
        var figures: [(String, JSON)] = []
        for (name, question) in lists + points { figures.append((name, try await time(name, question))) }
        return figures
    }

    private func time(_ name: String, _ question: Question) async throws -> JSON {
        var times: [Int64] = []
        for run in 0..<Self.runs {
            // Spread over the whole ledger.
            let number = (run * 7919 + 13) * 127 % max(1, deliveries)
            let start = ContinuousClock.now
            let found = try await question(number)
            times.append(Int64((ContinuousClock.now - start) / .microseconds(1)))
            guard found > 0 else {
                throw BenchTrouble(description: "the query \(name) found nothing")
            }
        }
        times.sort()
        return .object(["p50": .integer(times[times.count / 2]), "p99": .integer(times[times.count * 99 / 100])])
    }

    private func list(_ set: @escaping @Sendable (Int, inout LedgerFilter) -> Void) -> Question {
        { [ledger] number in
            var filter = LedgerFilter()
            set(number, &filter)
            return try await ledger.list(filter, limit: Self.page).count
        }
    }

    private var lists: [(String, Question)] {
        let generator = generator
        return [
            ("list", list { _, _ in }), ("listByPartner", list { $1.partner = generator.key($0).partner }),
            ("listByDirection", list { $1.direction = .sent }), ("listByState", list { $1.states = [.delivered] }),
            ("listByTime", list { ($1.since, $1.until) = (generator.time($0 - 60), generator.time($0 + 1)) }),
            ("listByCase", list { $1.caseReference = generator.reference($0) }),
            ("listBySHA256", list { $1.sha256 = generator.digest($0) }),
            ("listByName", list { $1.name = generator.name($0) }),
            ("listByNamePrefix", list { $1.name = "minutes of meeting \($0)*" }),
            (
                "listByPartnerStateTime",
                list {
                    ($1.partner, $1.states, $1.until) = (
                        generator.key($0).partner, [.delivered], generator.time($0 + 10)
                    )
                }
            ),
        ]
    }

    private var points: [(String, Question)] {
        let (ledger, generator) = (ledger, generator)
        @Sendable func found(_ number: Int) async throws -> ConsignmentKey {
            var filter = LedgerFilter()
            filter.sha256 = generator.digest(number)
            return try await ledger.list(filter, limit: 1).first?.key ?? generator.key(number)
        }
        return [
            ("show", { try await ledger.events(of: found($0)).count }),
            ("statement", { try await ledger.statement(.delivered, of: found($0))?.count ?? 0 }),
            ("duties", { _ in try await ledger.duties(.open(), limit: Self.page).count }),
            (
                "notices",
                { number in
                    var filter = DutyFilter.open(.notice)
                    filter.dueBefore = generator.time(number + 40 * 86_400)
                    return try await ledger.duties(filter, limit: Self.page).count
                }
            ),
            (
                "findSubject",
                { number in
                    var filter = DutyFilter()
                    filter.subject = generator.reference(number / 10 * 10)
                    return try await ledger.duties(filter, limit: Self.page).count
                }
            ),
            ("counts", { _ in try await ledger.counts().count }),
            ("inclusionProof", { try await ledger.inclusionProof(of: Int64($0), in: size()).count }),
            ("consistencyProof", { try await ledger.consistencyProof(from: Int64($0 + 1), to: size()).count }),
            ("countersigned", { try await ledger.countersigned(covering: Int64($0 % 1000), limit: 3).count }),
            ("agencyEvents", { _ in try await ledger.agencyEvents([.cardChanged], of: nil).count }),
        ]
    }

    @Sendable private func size() -> Int64 { Int64(deliveries) * Int64(LedgerGenerator.eventsPerDelivery) }

    /// A year of daily countersignatures, each after a new card.
    private func vouch() async throws {
        for number in 0..<365 {
            try await ledger.append([
                NewEvent(
                    at: generator.time(number), kind: .cardChanged, consignment: nil, partner: nil,
                    detail: EventDetail(["serial": .integer(Int64(number))]))
            ])
            let note = try await ledger.checkpoint()
            let size = try Checkpoint(body: SignedNote(kept: Array(note.utf8)).body).size
            try await ledger.keep(
                Countersigned(
                    partner: generator.key(number).partner, size: size, at: generator.time(number), note: note))
        }
    }
}
