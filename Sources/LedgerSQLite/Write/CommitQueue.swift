internal import DequeModule
internal import GRDB
internal import Ledger
internal import Synchronization
internal import Vocabulary

/// Group commit: a batch is whatever queued while the previous one was being synced. No timer, so a lone event waits
/// for nothing, and under load one sync serves up to 500 jobs. What one call brings is never divided.
///
///     submit ─► waiting ─► GRDB's writing thread: one transaction ─► every caller of the batch
final class CommitQueue: Sendable {
    /// What became of one job: it may have been left out for a fault of its own.
    typealias Answer = Result<[Int64], LedgerTrouble>

    private static let batchLimit = 500

    private struct Waiting {
        let jobs: [LedgerJob]
        let done: CheckedContinuation<Result<[Answer], LedgerTrouble>, Never>
    }

    private struct State {
        var waiting: Deque<Waiting> = []
        var isRunning = false
        var failure: LedgerTrouble?
        var toKeep: LedgerJob?
        var frontier: MerkleFrontier
        var commits = 0
    }

    private let pool: DatabasePool
    private let hasher: MerkleHasher
    private let place: LedgerPlace
    private let mark: EndMark
    private let state: Mutex<State>

    init(
        _ pool: DatabasePool, _ frontier: MerkleFrontier, _ hasher: MerkleHasher, at place: LedgerPlace, mark: EndMark
    ) {
        self.pool = pool
        self.place = place
        self.mark = mark
        self.hasher = hasher
        state = Mutex(State(frontier: frontier))
    }

    /// After damage or a failed sync nothing more is believed: every call fails until the daemon is started again.
    var failure: LedgerTrouble? { state.withLock { $0.failure } }
    /// The tree as committed.
    var frontier: MerkleFrontier { state.withLock { $0.frontier } }
    var testOnlyCommits: Int { state.withLock { $0.commits } }

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
            let mustStart = state.withLock { state in
                state.waiting.append(Waiting(jobs: jobs, done: done))
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if mustStart { start() }
        }
        return try result.get()
    }

    /// The newest signed checkpoint, if it still has to be kept: it rides on the next commit and costs none of its own.
    func keepLater(_ note: SignedNote, size: Int64) { state.withLock { $0.toKeep = .keep(note, size: size) } }

    /// With a commit of its own, if it has not ridden on another by then.
    func keepNow() async throws(LedgerTrouble) {
        if state.withLock({ $0.toKeep != nil }) { _ = try await submit(each: []) }
    }

    /// GRDB's writing thread is given back between two batches: whoever else writes comes in between.
    private func start() { pool.asyncWriteWithoutTransaction { [self] db in commitNext(db) } }

    private func commitNext(_ db: Database) {
        let batch = nextBatch()
        let result = commit(batch.flatMap(\.jobs), db)
        let isMore = state.withLock { state in
            state.isRunning = !state.waiting.isEmpty
            return state.isRunning
        }
        if isMore { start() }
        var first = 0
        for caller in batch {
            let mine = first..<first + caller.jobs.count
            caller.done.resume(returning: result.map { Array($0[mine]) })
            first = mine.upperBound
        }
    }

    /// Whole calls, the first however many jobs it has.
    private func nextBatch() -> [Waiting] {
        state.withLock { state in
            var jobs = 0
            let batch = state.waiting.prefix { caller in
                defer { jobs += caller.jobs.count }
                return jobs == 0 || jobs + caller.jobs.count <= Self.batchLimit
            }
            defer { state.waiting.removeFirst(batch.count) }
            return Array(batch)
        }
    }

    /// One transaction for all; if one of them is to blame, another that leaves out whoever is.
    private func commit(_ jobs: [LedgerJob], _ db: Database) -> Result<[Answer], LedgerTrouble> {
        if let failure { return .failure(failure) }
        do {
            return .success(try transaction(jobs, db) { .success(try $0.run($1)) })
        } catch {
            guard LedgerTrouble.isOfOneAppend(error) else { return .failure(settled(error)) }
            // Nobody to part it from: it is spared a second try.
            if jobs.count == 1 { return .success([.failure(LedgerTrouble(error))]) }
            return commitApart(jobs, db)
        }
    }

    private func commitApart(_ jobs: [LedgerJob], _ db: Database) -> Result<[Answer], LedgerTrouble> {
        do { return .success(try transaction(jobs, db) { try $0.attempt($1) }) } catch {
            return .failure(settled(error))
        }
    }

    /// Why a whole transaction failed; if that leaves the ledger in doubt, it is the last.
    private func settled(_ error: any Error) -> LedgerTrouble {
        let trouble = LedgerTrouble(error)
        if case .broken = trouble, !LedgerTrouble.isOfOneAppend(error) { fail(trouble, error) }
        return trouble
    }

    /// What somebody else met on the same file.
    func judged(_ error: any Error) async -> LedgerTrouble {
        let trouble = LedgerTrouble(error)
        guard LedgerTrouble.isOfTheDisk(error) else { return trouble }
        await OwnThread.run("ledger.mark") { [self] in fail(trouble, error) }
        return trouble
    }

    /// For good. The next life is told before anybody in this one hears of it. Blocks.
    private func fail(_ trouble: LedgerTrouble, _ error: any Error) {
        state.withLock { $0.failure = trouble }
        AbandonedLedgers.keep(pool)
        if LedgerTrouble.isOfTheDisk(error) { mark.leave(trouble) }
    }

    private func transaction(
        _ jobs: [LedgerJob], _ db: Database, _ body: (inout Committer, LedgerJob) throws -> Answer
    ) throws -> [Answer] {
        let (before, riding) = state.withLock { ($0.frontier, $0.toKeep.take()) }
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
        let after = committer.frontier
        state.withLock { ($0.frontier, $0.commits) = (after, $0.commits + 1) }
        return results
    }
}
