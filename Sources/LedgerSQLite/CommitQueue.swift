internal import GRDB
internal import Ledger
internal import Vocabulary

/// Group commit: a batch is whatever queued while the previous one was being synced. No timer, so a lone event waits
/// for nothing, and under load one sync serves up to 500 callers.
actor CommitQueue {
    private static let batchLimit = 500

    private struct Waiting {
        let job: LedgerJob
        let done: CheckedContinuation<[Int64], any Error>
    }

    private let pool: DatabasePool
    private let hasher: MerkleHasher
    private let place: LedgerPlace
    private let mark: EndMark
    private var waiting: [Waiting] = []
    private var isRunning = false
    /// After damage or a failed sync nothing more is believed: every call fails until the daemon is started again.
    private(set) var failure: LedgerTrouble?
    /// The newest signed checkpoint, if it still has to be kept: it rides on the next commit and costs none of its own.
    private var toKeep: LedgerJob?
    /// The tree as committed.
    private(set) var frontier: MerkleFrontier
    private(set) var testOnlyCommits = 0

    init(
        _ pool: DatabasePool, _ frontier: MerkleFrontier, _ hasher: MerkleHasher, _ place: LedgerPlace, _ mark: EndMark
    ) {
        self.pool = pool
        self.place = place
        self.mark = mark
        self.frontier = frontier
        self.hasher = hasher
    }

    /// Returns after the commit is on disk. Throws `LedgerTrouble`.
    ///
    /// Cancelling the caller does not stop it: half of the world may already have been told.
    func submit(_ job: LedgerJob) async throws -> [Int64] {
        try await withCheckedThrowingContinuation { done in
            waiting.append(Waiting(job: job, done: done))
            guard !isRunning else { return }
            isRunning = true
            Task { await drain() }
        }
    }

    func keepLater(_ note: SignedNote, size: Int64) { toKeep = .keep(note, size: size) }

    func keepNow() async throws {
        guard let job = toKeep else { return }
        toKeep = nil
        _ = try await submit(job)
    }

    private func drain() async {
        while !waiting.isEmpty {
            let batch = Array(waiting.prefix(Self.batchLimit))
            waiting.removeFirst(batch.count)
            for (caller, result) in zip(batch, await commit(batch.map(\.job))) { caller.done.resume(with: result) }
        }
        isRunning = false
    }

    /// One transaction for all; if one of them is to blame, one for each.
    private func commit(_ jobs: [LedgerJob]) async -> [Result<[Int64], any Error>] {
        if let failure { return jobs.map { _ in .failure(failure) } }
        do {
            return try await transaction(jobs).map { .success($0) }
        } catch let error where jobs.count > 1 && LedgerTrouble.isOfOneAppend(error) {
            var results: [Result<[Int64], any Error>] = []
            for job in jobs { results += await commit([job]) }
            return results
        } catch {
            let trouble = LedgerTrouble(error)
            if case .broken = trouble, !LedgerTrouble.isOfOneAppend(error) { await fail(trouble, error) }
            return jobs.map { _ in .failure(trouble) }
        }
    }

    /// What somebody else met on the same file.
    func judged(_ error: any Error) async -> LedgerTrouble {
        let trouble = LedgerTrouble(error)
        if LedgerTrouble.isOfTheDisk(error) { await fail(trouble, error) }
        return trouble
    }

    /// For good. The next life is told before anybody in this one hears of it.
    private func fail(_ trouble: LedgerTrouble, _ error: any Error) async {
        failure = trouble
        AbandonedLedgers.keep(pool)
        guard LedgerTrouble.isOfTheDisk(error) else { return }
        await OwnThread.run("ledger.mark") { [mark] in mark.leave(trouble) }
    }

    /// On GRDB's writing thread, off the cooperative ones.
    private func transaction(_ jobs: [LedgerJob]) async throws -> [[Int64]] {
        let (before, hasher, riding, place) = (frontier, hasher, toKeep, place)
        toKeep = nil
        let (results, after) = try await pool.writeWithoutTransaction { db in
            if let problem = place.problem { throw LedgerTrouble.broken(problem) }
            var committer = try Committer(db, before, hasher)
            var results: [[Int64]] = []
            do {
                try db.inTransaction(.immediate) {
                    results = try jobs.map { try committer.run($0) }
                    if let riding { _ = try committer.run(riding) }
                    return .commit
                }
            } catch { throw LedgerTrouble.withSystemErrno(error, db) }
            return (results, committer.frontier)
        }
        frontier = after
        testOnlyCommits += 1
        return results
    }
}
