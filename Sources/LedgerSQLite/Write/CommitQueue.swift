internal import GRDB
internal import Ledger
internal import Vocabulary

/// Group commit: a batch is whatever queued while the previous one was being synced. No timer, so a lone event waits
/// for nothing, and under load one sync serves up to 500 jobs. What one call brings is never divided.
actor CommitQueue {
    /// What became of one job: it may have been left out for a fault of its own.
    typealias Answer = Result<[Int64], LedgerTrouble>

    private static let batchLimit = 500

    private struct Waiting {
        let jobs: [LedgerJob]
        let done: CheckedContinuation<Result<[Answer], LedgerTrouble>, Never>
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
        _ pool: DatabasePool, _ frontier: MerkleFrontier, _ hasher: MerkleHasher, at place: LedgerPlace, mark: EndMark
    ) {
        self.pool = pool
        self.place = place
        self.mark = mark
        self.frontier = frontier
        self.hasher = hasher
    }

    /// One job, in the queue with all others.
    func submit(_ job: LedgerJob) async throws(LedgerTrouble) -> [Int64] {
        guard let answer = try await submit(each: [job]).first else { return [] }
        return try answer.get()
    }

    /// Does the jobs in order and in one commit, except those that are to blame for their own failure; returns after it
    /// is on disk. Throws if nothing was written.
    ///
    /// Cancelling the caller does not stop it: half of the world may already have been told.
    func submit(each jobs: [LedgerJob]) async throws(LedgerTrouble) -> [Answer] {
        let result = await withCheckedContinuation { done in
            waiting.append(Waiting(jobs: jobs, done: done))
            guard !isRunning else { return }
            isRunning = true
            Task { await drain() }
        }
        return try result.get()
    }

    func keepLater(_ note: SignedNote, size: Int64) { toKeep = .keep(note, size: size) }

    func keepNow() async throws {
        guard let job = toKeep else { return }
        toKeep = nil
        _ = try await submit(job)
    }

    private func drain() async {
        while !waiting.isEmpty {
            let batch = nextBatch()
            let result = await commit(batch.flatMap(\.jobs))
            var first = 0
            for caller in batch {
                let mine = first..<first + caller.jobs.count
                caller.done.resume(returning: result.map { Array($0[mine]) })
                first = mine.upperBound
            }
        }
        isRunning = false
    }

    /// Whole calls, the first however many jobs it has.
    private func nextBatch() -> [Waiting] {
        var jobs = 0
        let batch = waiting.prefix { caller in
            defer { jobs += caller.jobs.count }
            return jobs == 0 || jobs + caller.jobs.count <= Self.batchLimit
        }
        waiting.removeFirst(batch.count)
        return Array(batch)
    }

    /// One transaction for all; if one of them is to blame, another that leaves out whoever is.
    private func commit(_ jobs: [LedgerJob]) async -> Result<[Answer], LedgerTrouble> {
        if let failure { return .failure(failure) }
        do {
            return .success(try await transaction(jobs) { .success(try $0.run($1)) })
        } catch {
            guard LedgerTrouble.isOfOneAppend(error) else { return .failure(await settled(error)) }
            // Nobody to part it from: it is spared a second try.
            if jobs.count == 1 { return .success([.failure(LedgerTrouble(error))]) }
            return await commitApart(jobs)
        }
    }

    private func commitApart(_ jobs: [LedgerJob]) async -> Result<[Answer], LedgerTrouble> {
        do { return .success(try await transaction(jobs) { try $0.attempt($1) }) } catch {
            return .failure(await settled(error))
        }
    }

    /// Why a whole transaction failed; if that leaves the ledger in doubt, it is the last.
    private func settled(_ error: any Error) async -> LedgerTrouble {
        let trouble = LedgerTrouble(error)
        if case .broken = trouble, !LedgerTrouble.isOfOneAppend(error) { await fail(trouble, error) }
        return trouble
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
    private func transaction(
        _ jobs: [LedgerJob], _ body: @escaping @Sendable (inout Committer, LedgerJob) throws -> Answer
    ) async throws -> [Answer] {
        let (before, hasher, riding, place) = (frontier, hasher, toKeep, place)
        toKeep = nil
        let (results, after) = try await pool.writeWithoutTransaction { db in
            if let problem = place.problem { throw LedgerTrouble.broken(problem) }
            var committer = try Committer(db, before, hasher)
            var results: [Answer] = []
            do {
                try db.inTransaction(.immediate) {
                    results = try jobs.map { try body(&committer, $0) }
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
