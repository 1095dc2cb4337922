internal import Exchange
internal import Ledger
internal import Vocabulary

/// What about standstill and recovery outlives the daemon, as small facts in the ledger.
///
///     standstill            notices, a JSON array
///     recover/PARTNER       since when its share of what was lost is still to be fetched
///     recover-silent/PARTNER   it cannot be asked; when that was found
///     recovered             when the ledger last went on
struct RecoveryMemory: Sendable {
    private let ledger: any Ledger
    private static let (notices, owed, silent) = ("standstill", "recover/", "recover-silent/")
    private static let recovered = "recovered"

    init(_ ledger: any Ledger) { self.ledger = ledger }

    func standstill(asking partners: [AgencyID]) async throws -> Standstill {
        var since: [AgencyID: Instant] = [:]
        for (name, text) in try await ledger.remembered(named: Self.owed) {
            since[try AgencyID(String(name.dropFirst(Self.owed.count)))] = try Instant(text)
        }
        var silent: Set<AgencyID> = []
        for name in try await ledger.remembered(named: Self.silent).keys {
            silent.insert(try AgencyID(String(name.dropFirst(Self.silent.count))))
        }
        return Standstill(
            asking: Set(partners), notices: try await rememberedNotices(), owed: since, silent: silent,
            recoveredAt: try await ledger.remembered(Self.recovered).map { text throws(Malformed) in try Instant(text) }
        )
    }

    private func rememberedNotices() async throws -> [Standstill.Notice] {
        guard let text = try await ledger.remembered(Self.notices),
            case .array(let items) = try JSON(kept: Array(text.utf8))
        else { return [] }
        var notices: [Standstill.Notice] = []
        for item in items { notices.append(try Standstill.Notice(item)) }
        return notices
    }

    func remember(_ notices: [Standstill.Notice]) async throws {
        try await ledger.remember(Self.notices, notices.isEmpty ? nil : JSON.array(notices.map(\.json)).text)
    }

    func owe(_ partner: AgencyID, since: Instant) async throws {
        try await ledger.remember("\(Self.owed)\(partner)", since.description)
    }

    func fetched(_ partner: AgencyID) async throws { try await ledger.remember("\(Self.owed)\(partner)", nil) }

    func isSilent(_ partner: AgencyID, at now: Instant) async throws {
        try await ledger.remember("\(Self.silent)\(partner)", now.description)
        try await fetched(partner)
    }

    func recovered(at now: Instant) async throws {
        try await ledger.remember(Self.recovered, now.description)
        try await remember([])
    }

    /// Under which names our ledger went before, and those that a partner showed when one was lost.
    var formerOrigins: Set<String> {
        get async throws {
            var origins: Set<String> = []
            for event in try await ledger.agencyEvents([.epoch], of: nil) {
                guard let detail = event.detail, case .object(let facts) = try EventDetail(parsing: detail).facts else {
                    continue
                }
                if case .string(let before)? = facts["before"] { origins.insert(before) }
                guard case .array(let noticed)? = facts["noticed"] else { continue }
                for item in noticed { origins.insert(try Standstill.Notice(item).origin) }
            }
            return origins
        }
    }
}
