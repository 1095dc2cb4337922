internal import Ledger
internal import Premises
internal import Proofs
internal import Vocabulary

/// Finds the deliveries that a person means, by id or by file.
struct Delivery {
    let ledger: LedgerAtHand

    /// One delivery; several that fit are listed.
    func find(_ what: String) async throws -> ConsignmentRecord {
        let records = try await all(what)
        guard let record = records.first, records.count == 1 else {
            let list = records.map {
                "\($0.key.id)  \($0.key.direction.rawValue)  \($0.key.partner)  \(Words.moment($0.claimedAt))"
            }
            throw Trouble(
                "This fits \(records.count) deliveries.", why: "They are\n    \(list.joined(separator: "\n    "))",
                fix: "Name one by its id, or take them all: --all")
        }
        return record
    }

    /// Newest first, at least one.
    func all(_ what: String) async throws -> [ConsignmentRecord] {
        let isFile = FileSystem.exists(InstalledAgency.absolute(what))
        return isFile ? try await deliveries(of: what) : try await ledger.find(what)
    }

    private func deliveries(of path: String) async throws -> [ConsignmentRecord] {
        var filter = LedgerFilter()
        filter.sha256 = try FileDigest.of(path)
        let records = try await ledger.all(filter).filter { ProofObjection($0) == nil }
        if records.isEmpty {
            Terminal.complain(
                "No delivery of a file with this SHA-256 is in the ledger. List them: waybill ledger list")
            throw Answer.no
        }
        return records
    }
}
