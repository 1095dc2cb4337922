internal import GRDB
package import Ledger
internal import Synchronization
package import Vocabulary

/// The ledger in one SQLite file, written by one process at a time.
package final class SQLiteLedger: LedgerReading, Sendable {
    package let reads: LedgerReads
    private let currentOrigin: Mutex<LedgerOrigin>
    package var origin: LedgerOrigin { currentOrigin.withLock { $0 } }
    package let path: String
    let pool: DatabasePool
    private let queue: CommitQueue
    let crypto: any LedgerCrypto
    private let place: LedgerPlace
    private let mark: EndMark
    /// Why nothing may be built on this ledger before it was checked whole and `trusted()` called; nil if nothing is in
    /// doubt.
    package let doubt: String?
    /// Whether it was, when it was opened, what had been closed.
    package let closed: FileSums.Closed
    private let signer: any CheckpointSigner
    private let onBroken: @Sendable (LedgerTrouble) -> Void
    private let newest = Mutex<(size: Int64, note: SignedNote)?>(nil)

    /// Opens the ledger at `path`, or makes it (mode 0640, a fresh ledger UUID), and brings it to the newest shape.
    ///
    /// After an end that was not clean its pages are read from the disk, not from memory (`LedgerStart`); after a clean one
    /// they are compared with their sums (`closed`).
    /// Refuses network file systems, files of another agency or identity, and files of a newer Waybill. Blocks while it
    /// works. Throws `LedgerTrouble`.
    package init(
        path: String, of owner: LedgerOwner, crypto: any LedgerCrypto, signer: any CheckpointSigner,
        _ opening: LedgerOpening = LedgerOpening()
    ) throws {
        let mark = opening.mark ?? EndMark(ledger: path, runtime: [])
        var (opened, closed): (DatabasePool?, FileSums.Closed) = (nil, .unknown)
        do {
            let hasher = MerkleHasher(crypto)
            let doubt = try LedgerStart.doubt(path, mark, wait: opening.busyTimeout)
            closed = try FileSums.take(path, hasher, mode: LedgerFile.mode)
            let pool = try LedgerFile.open(
                path, crypto, busyTimeout: opening.busyTimeout, mayMake: opening.mayMake)
            opened = pool
            let origin = try Self.claim(pool, owner, crypto)
            let frontier = try pool.read { try StoredTree($0, hasher).frontier() }
            self.pool = pool
            self.path = path
            currentOrigin = Mutex(origin)
            self.crypto = crypto
            (self.signer, onBroken) = (signer, opening.onBroken)
            reads = LedgerReads(database: pool, hasher: hasher, deadline: opening.readDeadline)
            (self.doubt, self.mark, self.closed) = (doubt, mark, closed)
            place = LedgerPlace(path)
            queue = CommitQueue(pool, frontier, hasher, at: place, mark: mark)
        } catch {
            let trouble = LedgerTrouble(error)
            if LedgerTrouble.isOfTheDisk(error) {
                if let opened { AbandonedLedgers.keep(opened) }
                mark.leave(trouble)
            }
            if case .changed(let how) = closed, case .broken(let why) = trouble {
                throw LedgerTrouble.broken("\(how) \(why)")
            }
            throw trouble
        }
    }

    private static func claim(
        _ pool: DatabasePool, _ owner: LedgerOwner, _ crypto: any LedgerCrypto
    ) throws -> LedgerOrigin {
        try pool.write { db in
            let sealed = SealedTables(db, MerkleHasher(crypto))
            try sealed.sealNew()
            if let known = try Meta.origin(db) {
                guard known.agency == owner.agency, known.identity == owner.identity else {
                    throw LedgerTrouble.broken("this ledger belongs to another agency or identity: \(known)")
                }
                return known
            }
            let id = Meta.newLedgerID(crypto.salt())
            let origin = try LedgerOrigin(agency: owner.agency, identity: owner.identity, ledger: id)
            try Meta.write(origin, sealed)
            return origin
        }
    }

    /// Keeps the newest checkpoint for readers, closes the file and writes its page sums. Appending afterwards fails.
    ///
    /// One that broke is left as it lies: after a failed sync the log is the one copy of what was acknowledged, and what the
    /// kernel says of any later sync is worth nothing.
    package func close() async throws {
        try await queue.keepNow()
        if let failure = queue.failure { throw failure }
        if let problem = place.problem {
            AbandonedLedgers.keep(pool)
            throw LedgerTrouble.broken(problem)
        }
        let (pool, path, hasher, mark) = (pool, path, MerkleHasher(crypto), mark)
        do {
            try await OwnThread.run("ledger.close") { try LedgerFile.close(pool, path, hasher) }
        } catch {
            AbandonedLedgers.keep(pool)
            let trouble = LedgerTrouble(error)
            if LedgerTrouble.isOfTheDisk(error) { await OwnThread.run("ledger.mark") { mark.leave(trouble) } }
            throw trouble
        }
    }

    /// Trouble that a job outside the queue met; if it is the disk's, nothing more is believed.
    func judged(_ error: any Error) async -> LedgerTrouble { await queue.judged(error) }

    /// The ledger was checked whole and is sound: what spoke against it is forgotten, durably. Throws `LedgerTrouble`.
    package func trusted() throws { try mark.forget() }

    /// It is not to be closed, because that writes to it: it stays as it lies, as evidence and for the next start.
    package func abandon() { AbandonedLedgers.keep(pool) }

    /// Why nothing may be written or signed: its files are not at their paths any more. Nil if they are.
    package var misplaced: String? { place.problem }

    package func append(
        each groups: [[NewEvent]]
    ) async throws -> [Result<[Int64], LedgerTrouble>] {
        if groups.allSatisfy(\.isEmpty) { return groups.map { _ in .success([]) } }
        return try await write(each: groups.map { .append($0.map { SaltedEvent($0, crypto) }) })
    }

    private func write(each jobs: [LedgerJob]) async throws -> [CommitQueue.Answer] {
        do {
            let answers = try await queue.submit(each: jobs)
            for case .failure(.broken(let why)) in answers { onBroken(.broken(why)) }
            return answers
        } catch {
            if case .broken = error { onBroken(error) }
            throw error
        }
    }

    @discardableResult
    private func write(_ job: LedgerJob) async throws -> [Int64] {
        guard let answer = try await write(each: [job]).first else { return [] }
        return try answer.get()
    }

    package func checkpoint() async throws -> String {
        if let problem = place.problem { throw LedgerTrouble.broken(problem) }
        return try newest.withLock { newest in
            let (frontier, origin) = (queue.frontier, origin)
            if let newest, newest.size >= frontier.size { return newest.note.text }
            let head = Checkpoint(
                origin: origin.description, size: frontier.size, root: frontier.root(MerkleHasher(crypto)))
            let note = try head.signed(by: signer, crypto)
            newest = (head.size, note)
            queue.keepLater(note, size: head.size)
            return note.text
        }
    }

    package func beginEpoch(_ facts: [String: JSON], at now: Instant) async throws -> LedgerOrigin {
        let old = origin
        let new = try LedgerOrigin(
            agency: old.agency, identity: old.identity, ledger: Meta.newLedgerID(crypto.salt()))
        let told = facts.merging(["before": .string(old.description), "origin": .string(new.description)]) { $1 }
        let event = NewEvent(at: now, kind: .epoch, consignment: nil, partner: nil, detail: EventDetail(told))
        try await write(.beginEpoch([SaltedEvent(event, crypto)], ledger: new.ledger))
        newest.withLock { newest in
            currentOrigin.withLock { $0 = new }
            newest = nil
        }
        ChangedLedger.settle(beside: path)
        return new
    }

    package func keep(_ vouched: Vouched) async throws -> Bool {
        switch vouched {
        case .head(let head, let old): return try await !write(.witness(head, after: old)).isEmpty
        case .countersigned(let checkpoint): try await write(.keepCountersigned(checkpoint))
        case .token(let token): try await write(.keepToken(token))
        }
        return true
    }

    package func remember(_ facts: [String: String?]) async throws { try await write(.remember(facts)) }

    package func note(_ staging: StagingMark.Change) async throws {
        switch staging {
        case .set(let mark): try await write(.setMark(mark))
        case .clear(let key): try await write(.clearMark(key))
        }
    }

    package func noteAttempt(_ attempt: Attempt) async throws { try await write(.note(attempt)) }

    /// Any other job, in the queue with all others.
    func submit(_ job: LedgerJob) async throws -> [Int64] { try await queue.submit(job) }

    /// How many transactions have been committed since opening.
    package var testOnlyCommits: Int { queue.testOnlyCommits }
}
