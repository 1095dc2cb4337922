internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings
internal import Vocabulary

/// The ledger as commands read it: read-only, with the daemon or without.
struct LedgerDesk {
    let reader: LedgerReader
    private static let page = 1000

    /// - Parameter signer: for a fresh checkpoint; without it the newest one that the daemon kept must do.
    init(_ premises: Premises, signer: (any CheckpointSigner)? = nil) throws {
        let path = premises.folders.ledger
        do {
            reader = try LedgerReader(path: path, crypto: OpenSSLLedgerCrypto(), signer: signer)
        } catch let trouble as LedgerTrouble {
            if let missing = try LedgerDoor(premises).missing { throw missing }
            guard FileSystem.exists(path) else {
                throw Trouble(
                    "There is no ledger yet.", why: "\(path) does not exist, or its folder may not be entered.",
                    fix: "Start waybilld once: it makes the ledger.")
            }
            throw Trouble(
                "The ledger cannot be read.", why: trouble.words,
                fix: "Use an account that may read \(path), or run waybill check.")
        }
    }

    /// Every record that fits, newest first, in short reads; `body` says whether to go on.
    func each(_ filter: LedgerFilter, _ body: (ConsignmentRecord) async throws -> Bool) async throws {
        var last: ConsignmentKey?
        while true {
            let records = try await reader.list(filter, after: last, limit: Self.page)
            for record in records where try await !body(record) { return }
            guard records.count == Self.page, let end = records.last else { return }
            last = end.key
        }
    }

    /// The same for one filter after another.
    func each(_ filters: [LedgerFilter], _ body: (ConsignmentRecord) async throws -> Bool) async throws {
        for filter in filters {
            var goesOn = true
            try await each(filter) { record in
                goesOn = try await body(record)
                return goesOn
            }
            if !goesOn { return }
        }
    }

    func all(_ filter: LedgerFilter) async throws -> [ConsignmentRecord] {
        var records: [ConsignmentRecord] = []
        try await each(filter) {
            records.append($0)
            return true
        }
        return records
    }

    /// The records of the one consignment that is meant: more than one if we sent it to ourselves, or two partners used
    /// one id. Throws `Trouble` if several ids fit, `Answer.no` (told) if none does.
    func find(_ typed: String, _ filter: LedgerFilter = LedgerFilter()) async throws -> [ConsignmentRecord] {
        guard let wanted = IDText(typed) else {
            throw Trouble(
                "\"\(Terminal.clean(typed))\" is not a consignment id.",
                why: "It takes the whole id, or at least \(IDText.least) characters of its beginning or end.",
                fix: "List them: waybill ledger list")
        }
        var filter = filter
        if case .whole(let id) = wanted { filter.id = id }
        var found: [ConsignmentRecord] = []
        try await each(filter) { record in
            if wanted.matches(record.key.id) { found.append(record) }
            return true
        }
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
