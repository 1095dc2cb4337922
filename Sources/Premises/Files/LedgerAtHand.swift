package import Ledger
package import LedgerSQLite
internal import Settings
internal import Vocabulary

/// The ledger as commands read it: read-only, with the daemon or without.
package struct LedgerAtHand: Sendable {
    package let reader: LedgerReader
    private static let page = 1000

    /// - Parameter signer: for a fresh checkpoint; without it the newest one that the daemon kept must do.
    package init(_ premises: InstalledAgency, signer: (any CheckpointSigner)? = nil) throws {
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
    package func each(_ filter: LedgerFilter, _ body: (ConsignmentRecord) async throws -> Bool) async throws {
        var last: ConsignmentKey?
        while true {
            let records = try await reader.list(filter, after: last, limit: Self.page)
            for record in records where try await !body(record) { return }
            guard records.count == Self.page, let end = records.last else { return }
            last = end.key
        }
    }

    package func all(_ filter: LedgerFilter) async throws -> [ConsignmentRecord] {
        var records: [ConsignmentRecord] = []
        try await each(filter) {
            records.append($0)
            return true
        }
        return records
    }

    /// Of every consignment whose id fits.
    package func matching(_ wanted: IDText, _ filter: LedgerFilter) async throws -> [ConsignmentRecord] {
        var filter = filter
        if case .whole(let id) = wanted { filter.id = id }
        var found: [ConsignmentRecord] = []
        try await each(filter) { record in
            if wanted.matches(record.key.id) { found.append(record) }
            return true
        }
        return found
    }
}
