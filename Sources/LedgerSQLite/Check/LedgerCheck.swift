internal import FoundationEssentials
internal import GRDB
package import Ledger
package import Vocabulary

/// Recomputes everything that a ledger claims: leaves, commitments, tree, checkpoints, histories, every row, every page.
///
/// Works in pages, each a short read, so that it may run beside the daemon; what is appended meanwhile is left for the
/// next check. **Whatever is compared is read in one transaction**, or one side of it never changes once written: between
/// two reads the daemon signs checkpoints, moves rows on and erases. Memory does not grow with the ledger. A damaged file
/// gives findings, not errors.
package struct LedgerCheck: Sendable {
    /// What is wrong with a stored statement of a partner (nil: nothing). This room has no certificates.
    package typealias StatementJudge =
        @Sendable (_ kind: EventKind, _ statement: [UInt8], _ partner: AgencyID?) -> String?
    /// Called now and then with how many events are done, of how many.
    package typealias Progress = @Sendable (_ done: Int64, _ of: Int64) -> Void
    /// Called now and then with how far it has come, as long as nothing is wrong.
    package typealias Saving = @Sendable (CheckMark) async throws -> Void

    package enum Depth: Sendable {
        /// Everything from the mark on, and all that lies beside the events.
        case whole
        /// What came since the mark, and what is quickly looked at: for every day.
        case recent
    }

    let ledger: any LedgerReading
    let crypto: any LedgerCrypto
    let judges: CheckJudges
    private let progress: Progress
    var reads: LedgerReads { ledger.reads }

    package init(
        _ ledger: some LedgerReading, crypto: any LedgerCrypto, judges: CheckJudges = CheckJudges(),
        progress: @escaping Progress = { _, _ in }
    ) {
        self.ledger = ledger
        self.crypto = crypto
        self.judges = judges
        self.progress = progress
    }

    /// With our ledger key alone, and a judge of statements.
    package init(
        _ ledger: some LedgerReading, crypto: any LedgerCrypto, publicKey: [UInt8]?,
        judge: @escaping StatementJudge = { _, _, _ in nil }, progress: @escaping Progress = { _, _ in }
    ) {
        var judges = CheckJudges()
        if let publicKey { judges.ourKeys = [publicKey] }
        judges.statement = judge
        self.init(ledger, crypto: crypto, judges: judges, progress: progress)
    }

    /// Throws `LedgerTrouble` if the ledger is busy or its disk full, or `CancellationError`.
    /// - Parameter mark: of an earlier check of this ledger, to go on from; one of another ledger is not taken.
    package func run(
        _ depth: Depth = .whole, from mark: CheckMark? = nil, saving: Saving = { _ in }
    ) async throws -> LedgerReport {
        var report = LedgerReport()
        try await FileCheck(check: self).run(depth, &report)
        let mark = await mark?.origin == ledger.origin.description ? mark : nil
        let start = try await attempt("tree", &report) { report in try await begin(at: mark, &report) } ?? nil
        var missing = LeafRanges()
        let frontier = try await walk(
            from: start?.frontier ?? MerkleFrontier(), row: start?.row ?? 0, &missing, &report, saving)
        let rows = RowCheck(reads: reads)
        let last = try await attempt("consignments", &report) {
            try await rows.checkRows(after: start?.row ?? 0, &$0)
        }
        try await attempt("duties", &report) { try await DutyCheck(reads: reads).checkRows(&$0) }
        try await attempt("counts", &report) { try await rows.checkCounts(&$0) }
        if depth == .whole { try await attempt("cases", &report) { try await rows.checkCases(&$0) } }
        try await attempt("erasures", &report) { [missing] in
            try await ErasureCheck(reads: reads).run(missing, &$0)
        }
        if let frontier, let last {
            report.mark = CheckMark(origin: await ledger.origin.description, row: last, frontier: frontier)
        }
        return report
    }

    /// The mark, if the tree up to it is still what was checked.
    private func begin(at mark: CheckMark?, _ report: inout LedgerReport) async throws -> CheckMark? {
        guard let mark, mark.events > 0 else { return nil }
        let same = try await reads.run { [hasher = reads.hasher] db in
            let tree = StoredTree(db, hasher)
            return try tree.size() < mark.events ? nil : try tree.frontier(of: mark.events) == mark.frontier
        }
        guard same == true else {
            let found = same == nil ? "fewer are left" : "they are others now"
            report.add("tree", "\(mark.events) events were checked before: \(found)")
            return nil
        }
        report.before = mark.events
        return mark
    }

    /// Nil if it could not come to the end.
    private func walk(
        from start: MerkleFrontier, row: Int64, _ missing: inout LeafRanges, _ report: inout LedgerReport,
        _ saving: Saving
    ) async throws -> MerkleFrontier? {
        var walk = LeafWalk(hasher: reads.hasher, crypto: crypto, judge: judges.statement, from: start)
        let kept = try await attempt("checkpoint", &report) { try await keptCheckpoint(&$0) } ?? nil
        guard
            let size = try await attempt(
                "leaves", &report,
                { _ in
                    try await reads.run { [hasher = reads.hasher] in try StoredTree($0, hasher).size() }
                })
        else { return nil }
        report.events = size
        while walk.next < size {
            let range = walk.next..<min(walk.next + LeafPage.size, size)
            guard let page = try await page(range, &report) else { return nil }
            // One damaged number at the end can make the ledger look endless.
            guard !page.leaves.entries.isEmpty else {
                report.add("leaves \(range.lowerBound) to \(size - 1)", "are missing")
                return nil
            }
            await take(page, &walk, kept, &report)
            missing = walk.missing
            try await attempt("duties", &report) { [carried = walk.carried] report in
                try await DutyCheck(reads: reads).find(carried, &report)
            }
            progress(walk.next, size)
            if report.isClean {
                let origin = await ledger.origin.description
                try await saving(CheckMark(origin: origin, row: row, frontier: walk.frontier))
            }
            try Task.checkCancellation()
        }
        return walk.frontier
    }

    private func take(
        _ page: CheckPage, _ walk: inout LeafWalk, _ kept: Checkpoint?, _ report: inout LedgerReport
    ) async {
        var sizes = Set(page.words.compactMap(\.size))
        if let kept { sizes.insert(kept.size) }
        let vouched = VouchedCheck(ours: await ledger.origin, judges: judges, crypto: crypto)
        for word in page.words where word.size == nil { vouched.check(word, root: nil, &report) }
        walk.take(page.leaves, &report, sizes: sizes) { size, root, report in
            if kept?.size == size, kept?.root != root {
                report.add("checkpoint", "its root is not that of the first \(size) events")
            }
            for word in page.words where word.size == size { vouched.check(word, root: root, &report) }
        }
        for story in page.stories { HistoryCheck(crypto: crypto).check(story, &report) }
    }

    /// If it cannot be read whole, leaf by leaf, so that the one at fault is named. Nil if there is no use in going on.
    private func page(_ range: Range<Int64>, _ report: inout LedgerReport) async throws -> CheckPage? {
        do { return try await read(range) } catch LedgerTrouble.broken {} catch LedgerTrouble.refused {}
        var (entries, failures): ([Int64: LeafPage.Entry], Int) = ([:], 0)
        for seq in range {
            let one = try await attempt("leaf \(seq)", &report) { _ in try await read(seq..<seq + 1) }
            guard let one else {
                failures += 1
                if failures > 100 { return nil }
                continue
            }
            entries.merge(one.leaves.entries) { $1 }
        }
        return CheckPage(leaves: LeafPage(range: range, entries: entries), stories: [], words: [])
    }

    private func read(_ range: Range<Int64>) async throws -> CheckPage {
        try await reads.run { [hasher = reads.hasher] in try CheckPage.read($0, range, hasher) }
    }

    /// The kept checkpoint, if it is ours and not beyond the events: a longer one means that events were cut off.
    private func keptCheckpoint(_ report: inout LedgerReport) async throws -> Checkpoint? {
        guard let kept = try await reads.run({ [hasher = reads.hasher] in try KeptCheckpoint($0, hasher) }) else {
            return nil
        }
        do {
            let note = try SignedNote(kept: Array(kept.note.utf8))
            let checkpoint = try Checkpoint(body: note.body)
            try judges.requireOurs(note, checkpoint.origin, crypto)
            if checkpoint.origin != kept.origin { report.add("checkpoint", "is of another ledger") }
            if checkpoint.size != kept.column { report.add("checkpoint", "its row has another size than its note") }
            if checkpoint.size > kept.size {
                report.add("checkpoint", "covers \(checkpoint.size) events but only \(kept.size) are left")
            }
            return checkpoint
        } catch {
            report.add("checkpoint", "cannot be believed: \(error)")
            return nil
        }
    }

    /// What cannot be read is a finding at its place; a ledger that is only busy is not.
    @discardableResult
    func attempt<T>(
        _ place: String, _ report: inout LedgerReport, _ body: (inout LedgerReport) async throws -> T
    ) async throws -> T? {
        do { return try await body(&report) } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            guard case .broken(let why) = LedgerTrouble(error) else {
                if case .refused(let why) = LedgerTrouble(error) {
                    report.add(place, "cannot be read: \(why)")
                    return nil
                }
                throw LedgerTrouble(error)
            }
            report.add(place, "cannot be read: \(why)")
            return nil
        }
    }
}

/// The checkpoint that is kept for readers, with what it is compared with, all of one moment.
private struct KeptCheckpoint: Sendable {
    let note: String
    let column: Int64
    /// How many events there are.
    let size: Int64
    /// Of the ledger as it is called now; it goes on under another name after a recovery.
    let origin: String?

    /// Nil if none was signed yet.
    init?(_ db: Database, _ hasher: MerkleHasher) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT size, note FROM checkpoint") else { return nil }
        (note, column) = (try row.value("note"), try row.value("size"))
        (size, origin) = (try StoredTree(db, hasher).size(), try Meta.origin(db)?.description)
    }
}

/// Some consecutive leaves, and what stands or falls with them, all of one moment.
struct CheckPage: Sendable {
    let leaves: LeafPage
    let stories: [Story]
    let words: [VouchedCheck.Word]

    static func read(_ db: Database, _ range: Range<Int64>, _ hasher: MerkleHasher) throws -> CheckPage {
        let leaves = try LeafPage.read(db, from: range.lowerBound, to: range.upperBound)
        return CheckPage(
            leaves: leaves, stories: try Story.read(db, of: leaves, hasher),
            words: try VouchedCheck.words(db, range.lowerBound + 1...range.upperBound))
    }
}
