internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Vocabulary

/// Finds a duty by what a person typed.
struct DutyAtHand {
    private let premises: InstalledAgency

    init(_ premises: InstalledAgency) { self.premises = premises }

    /// Throws `Trouble` if several fit, `Answer.no` (told) if none does.
    func find(_ typed: String, _ kinds: Set<Duty.Kind>? = nil) async throws -> Duty {
        guard let wanted = IDText(typed) else {
            throw Trouble(
                "\"\(Terminal.clean(typed))\" is not the id of a duty.",
                why: "It takes the whole id, or at least \(IDText.least) characters of its beginning or end.",
                fix: "List them: waybill duties list")
        }
        var filter = DutyFilter()
        filter.kinds = kinds
        if case .whole(let id) = wanted { filter.id = id } else { filter.states = [.open, .deferred] }
        let duties = try await LedgerAtHand(premises).reader.duties(filter, limit: 100_000)
        let found = duties.filter { wanted.matches($0.id) }
        guard let duty = found.first else {
            Terminal.complain("No such duty is known here. List them: waybill duties list")
            throw Answer.no
        }
        guard found.count == 1 else {
            throw Trouble("It fits \(found.count) duties.", why: "Ends of ids may be alike.", fix: "Type more of it.")
        }
        return duty
    }
}
