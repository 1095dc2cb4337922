internal import Envelope
internal import Ledger
internal import Vocabulary

/// Which heads of our ledger a proof shows: the first that the other agency countersigned after the answer with a key that
/// it has not retired since, the first that a time authority stamped, and a newer one if there is something that neither
/// covers: countersigned as well if there is such a head.
struct ProofHeads: Sendable {
    /// Kept tokens that no longer fit, such as from before a restored backup, are passed over; not endlessly.
    private static let tries = 8
    /// How many countersigned heads are asked for, more each time.
    private static let reaches = [8, 64, 512, 4096, 32_768]

    let checkpoint: SignedNote
    let later: SignedNote?
    let stamp: Stamp?
    /// Sizes of the trees.
    private let size: Int64
    private let laterSize: Int64

    struct Stamp: Sendable {
        let note: SignedNote
        let size: Int64
        let token: [UInt8]
        /// PEM.
        let authority: [UInt8]
    }

    private typealias Fitting = (note: SignedNote, head: ProofHead)

    /// - Parameters:
    ///   - answer: the event that the countersignature and the stamp are wanted for.
    ///   - last: the consignment's last event.
    static func choose(
        for answer: StoredEvent, last: StoredEvent, from ledger: any Ledger, _ agencies: ProofAgencies,
        _ home: ProofHome
    ) async throws -> ProofHeads {
        let newest = try SignedNote(kept: Array(await ledger.checkpoint().utf8))
        let newestSize = try Checkpoint(body: newest.body).size
        let stamp = try await stamp(for: answer, from: ledger, agencies, home)
        guard let first = try await countersigned(covering: answer, from: ledger, agencies) else {
            return ProofHeads(checkpoint: newest, later: nil, stamp: stamp, size: newestSize, laterSize: newestSize)
        }
        let size = first.head.checkpoint.size
        guard last.seq >= size else {
            return ProofHeads(checkpoint: first.note, later: nil, stamp: stamp, size: size, laterSize: size)
        }
        let second = try await countersigned(covering: last, from: ledger, agencies)
        return ProofHeads(
            checkpoint: first.note, later: second?.note ?? newest, stamp: stamp, size: size,
            laterSize: second?.head.checkpoint.size ?? newestSize)
    }

    private static func countersigned(
        covering event: StoredEvent, from ledger: any Ledger, _ agencies: ProofAgencies
    ) async throws -> Fitting? {
        var tried = 0
        for reach in reaches {
            let kept = try await ledger.countersigned(covering: event.seq + 1, by: agencies.theirs.id, limit: reach)
            for one in kept.dropFirst(tried) {
                guard let fitting = try await fitting(one.note, event, ledger, agencies), let seen = fitting.head.seen,
                    fitting.head.isUsable(agencies.ours, seen)
                else { continue }
                return fitting
            }
            guard kept.count == reach else { return nil }
            tried = reach
        }
        return nil
    }

    private static func stamp(
        for answer: StoredEvent, from ledger: any Ledger, _ agencies: ProofAgencies, _ home: ProofHome
    ) async throws -> Stamp? {
        guard let authority = home.authority else { return nil }
        for kept in try await ledger.timeTokens(covering: answer.seq + 1, limit: tries) {
            guard let fitting = try await fitting(kept.note, answer, ledger, agencies),
                fitting.head.isUsable(agencies.ours, kept.at)
            else { continue }
            do { _ = try home.stamps?(kept.token, fitting.head.body, authority) } catch { continue }
            return Stamp(
                note: fitting.note, size: fitting.head.checkpoint.size, token: kept.token, authority: authority)
        }
        return nil
    }

    /// Nil unless this kept head is of our tree as it is now, and by keys that the cards of the proof name.
    private static func fitting(
        _ text: String, _ answer: StoredEvent, _ ledger: any Ledger, _ agencies: ProofAgencies
    ) async throws -> Fitting? {
        let bytes = Array(text.utf8)
        guard let note = try? SignedNote(kept: bytes),
            let head = try? ProofHead(
                ProofName.checkpoint, in: ProofFiles([ProofName.checkpoint: bytes]), agencies)
        else { return nil }
        let path = try await ledger.inclusionProof(of: answer.seq, in: head.checkpoint.size)
        let proof = TlogProof(index: answer.seq, hashes: path, checkpoint: note)
        let files = ProofFiles([ProofName.entry(answer.seq, .path): Array(proof.text.utf8)])
        return (try? head.requireStanding(answer.leaf, .path, in: files)) == nil ? nil : (note, head)
    }

    /// The entry with its places in those of the heads that it is to be shown in.
    func entry(_ event: StoredEvent, from ledger: any Ledger) async throws -> ProofContents.Entry {
        let covering = event.seq < size ? size : laterSize
        let path = try await ledger.inclusionProof(of: event.seq, in: covering)
        guard let stamp, ProofEntry(leaf: event.leaf, detail: nil).statementName != nil, event.seq < stamp.size else {
            return .init(event: event, path: path, stamped: nil)
        }
        return .init(
            event: event, path: path, stamped: try await ledger.inclusionProof(of: event.seq, in: stamp.size))
    }

    /// The head that a path of `entry` leads to.
    func covering(_ seq: Int64) -> SignedNote { seq < size ? checkpoint : later ?? checkpoint }
}
