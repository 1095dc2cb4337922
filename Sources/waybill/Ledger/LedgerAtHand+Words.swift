internal import Ledger
internal import Premises
internal import Vocabulary

extension LedgerAtHand {
    /// The records of the one consignment that is meant: more than one if we sent it to ourselves, or two partners used
    /// one id. Throws `Trouble` if several ids fit, `Answer.no` (told) if none does.
    func find(_ typed: String, _ filter: LedgerFilter = LedgerFilter()) async throws -> [ConsignmentRecord] {
        guard let wanted = IDText(typed) else {
            throw Trouble(
                "\"\(Terminal.clean(typed))\" is not a consignment id.",
                why: "It takes the whole id, or at least \(IDText.least) characters of its beginning or end.",
                fix: "List them: waybill ledger list")
        }
        let found = try await matching(wanted, filter)
        try require(Set(found.map(\.key.id)), typed)
        return found
    }

    private func require(_ ids: Set<ConsignmentID>, _ typed: String) throws {
        if ids.isEmpty {
            Terminal.complain("No consignment \(Terminal.clean(typed)) is known here. List them: waybill ledger list")
            throw Answer.no
        }
        guard ids.count == 1 else {
            let some = ids.sorted().prefix(10).map(\.text).joined(separator: "\n    ")
            throw Trouble(
                "\(Terminal.clean(typed)) fits \(ids.count) consignments.", why: "They are\n    \(some)",
                fix: "Type more of it.")
        }
    }
}
