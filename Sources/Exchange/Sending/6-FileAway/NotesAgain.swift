internal import Envelope
internal import Folders
internal import Law
internal import Ledger
internal import Logging
internal import Policy
internal import Statements
internal import Vocabulary

/// Notes beside what was delivered are not synced one by one: they can be written again. After a start of the machine this
/// does so for what ended in the last five minutes before the end.
package struct NotesAgain: Sendable {
    private let agency: Agency
    private let lastLife: LastLife
    private static let suffixes = [".receipt.p7s", ".receipt.txt"]

    package init(agency: Agency, lastLife: LastLife) { (self.agency, self.lastLife) = (agency, lastLife) }

    /// Looks at the day's folders of sent/ in which files can have ended then.
    package func write() async {
        guard let from = lastLife.owed.isOwed(.sent) else { return }
        var (count, isWhole) = (0, true)
        for partner in agency.partners.all {
            for route in agency.law.routes {
                for day in days(since: from) {
                    do { count += try await write(partner, route.name, day) } catch {
                        isWhole = false
                        agency.log.notice("notes not looked at after a power cut", metadata: ["why": "\(error)"])
                    }
                }
            }
        }
        // What could not be looked at is tried again by the next life.
        if isWhole { lastLife.owed.done(.sent) }
        if count > 0 { agency.log.notice("notes written again after a power cut", metadata: ["files": "\(count)"]) }
    }

    /// The end may have come on the day after, and the machine have stood still for long.
    private func days(since from: Instant) -> [String] {
        let (first, today) = (from.date.daysSince1970, agency.clock.now().date.daysSince1970)
        return Set([first, first + 1, today - 1, today]).sorted()
            .map { CalendarDate(daysSince1970: $0).description }
    }

    private func write(_ partner: Partner, _ route: RouteName, _ day: String) async throws -> Int {
        let (layout, way) = (agency.layout, [partner.id.text, route.text, day])
        let (folder, names) = try await Blocking.run { () -> (Folder?, [FileName]) in
            guard let folder = try layout.existing(.sent, way) else { return (nil, []) }
            return (folder, try Self.lacking(in: folder))
        }
        guard let folder else { return 0 }
        var count = 0
        for name in names where try await write(beside: name, in: folder, partner) { count += 1 }
        if count > 0 { try await Blocking.run { try folder.sync() } }
        return count
    }

    /// Files of which a note is missing or empty. Blocks.
    private static func lacking(in folder: Folder) throws -> [FileName] {
        let names = try folder.entries()
        let all = Set(names)
        return try names.filter { name in
            guard let text = name.text, !NotedFiles.isNote(name), !DropName.isSidecar(name), !name.isTemporary else {
                return false
            }
            return try suffixes.contains { suffix in
                let note = try Names.note(text, suffix)
                return try !all.contains(note) || folder.lookup(note)?.size == 0
            }
        }
    }

    private func write(beside name: FileName, in folder: Folder, _ partner: Partner) async throws -> Bool {
        guard let facts = try await Blocking.run({ try folder.lookup(name) }),
            let record = try await record(of: name, facts, in: folder, partner.id),
            let signed = try await agency.ledger.statement(.delivered, of: record.key)
        else { return false }
        let receipt = try Receipt(kept: StatementVerifier.uncheckedContent(of: signed))
        let shown = record.name ?? name.text ?? ""
        let text = Outcomes(agency)
            .receiptNote(receipt, name: shown, of: record.key.partner, beside: name.text ?? shown)
        try await Blocking.run {
            for (suffix, bytes) in zip(Self.suffixes, [signed, Array(text.utf8)]) {
                try DurableFile.write(
                    bytes, to: folder, Names.note(name.text ?? shown, suffix), mode: 0o640, .contentSynced)
            }
        }
        return true
    }

    /// A name in sent/ may be numbered, so the file is known by its inode, size and time; where sent/ is on a disk of its own,
    /// to which it was copied, by its digest.
    private func record(of name: FileName, _ facts: FileFacts, in folder: Folder, _ partner: AgencyID) async throws
        -> ConsignmentRecord?
    {
        var filter = LedgerFilter()
        (filter.direction, filter.partner, filter.states) = (.sent, partner, [.delivered, .recalled])
        for text in [name, NotedFiles.unnumbered(name)].compactMap({ $0?.text }) {
            filter.name = Glob.exactly(text)
            let named = try await agency.ledger.list(filter, after: nil, limit: 200).filter { $0.size == facts.size }
            if let found = named.first(where: { facts.isMarked($0.inode) }) { return found }
            if named.isEmpty { continue }
            let digest = try await Blocking.run {
                try Slices.digest(of: FileHandle(name, in: folder, .read), bytes: facts.size)
            }
            if let found = named.first(where: { $0.sha256 == digest }) { return found }
        }
        return nil
    }
}
