internal import Folders
package import Ledger
package import Settings
package import Vocabulary

/// Empties held/ of what nobody waits for any more: files of consignments that were rejected, recalled, refused or
/// withdrawn, with their notes. A file that waits for a person, or that a person changed or put there, stays.
package struct HeldRetention: Sendable {
    private static let ended: Set<ConsignmentState> = [.rejected, .recalled, .refused, .withdrawn]
    private static let page = 500
    private let ledger: any Ledger
    private let files: DeliveryFiles

    package init(_ ledger: any Ledger, _ folders: InstallationFolders, _ places: Places? = nil) {
        self.ledger = ledger
        // What was delivered before it was recalled lies in sent/, which has a time of its own.
        files = DeliveryFiles(folders, places, copies: [.held])
    }

    /// Of what has ended before `oldest`. Returns how many files went.
    package func keep(since oldest: Instant) async throws -> Int {
        var filter = LedgerFilter()
        (filter.direction, filter.states, filter.until) = (.sent, Self.ended, oldest)
        var (last, count): (ConsignmentKey?, Int) = (nil, 0)
        while true {
            let page = try await ledger.list(filter, after: last, limit: Self.page)
            count += try await keep(page, since: oldest)
            guard page.count == Self.page, let end = page.last else { return count }
            last = end.key
        }
    }

    private func keep(_ page: [ConsignmentRecord], since oldest: Instant) async throws -> Int {
        let files = files
        let all = page.map(\.file)
        // Almost always there is nothing, and then no history is read.
        guard try await Blocking.run({ try !files.paths(all).isEmpty }) else { return 0 }
        var old: [ErasedFile] = []
        for record in page {
            guard let ended = try await ledger.events(of: record.key).last?.leaf.at, ended < oldest else { continue }
            old.append(record.file)
        }
        return try await Blocking.run { [old] in try files.remove(old) }
    }
}

extension ConsignmentRecord {
    /// How its files are found.
    package var file: ErasedFile { ErasedFile(key: key, route: route, mark: inode) }
}
