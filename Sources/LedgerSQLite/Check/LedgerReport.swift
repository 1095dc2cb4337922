package import Ledger

/// What a ledger check looked at and found.
package struct LedgerReport: Hashable, Sendable {
    package internal(set) var problems: [LedgerProblem] = []
    /// How many events there were when the check began.
    package internal(set) var events: Int64 = 0
    /// How many of their details had been erased, which is no problem.
    package internal(set) var erased: Int64 = 0
    package internal(set) var statements: Int64 = 0
    package internal(set) var consignments: Int64 = 0
    package internal(set) var duties: Int64 = 0
    /// Countersignatures, time tokens, and checkpoints of others that we countersigned.
    package internal(set) var vouched: Int64 = 0
    /// How many events an earlier check had looked at, which this one went on from.
    package internal(set) var before: Int64 = 0
    /// To go on from next time; nil if the leaves could not be walked to their end.
    package internal(set) var mark: CheckMark?

    package var isClean: Bool { problems.isEmpty }

    /// A thousand findings name the damage well enough; a wholly wrong file would fill memory.
    private static let limit = 1000

    package init() {}

    /// Of a file that does not even open; its page sums, if they are kept, name the page. Blocks.
    package init(cannotOpen path: String, _ trouble: LedgerTrouble, crypto: any LedgerCrypto) {
        add("file", "cannot be opened: \(trouble.words)")
        for problem in (try? FileSums.problems(path, MerkleHasher(crypto), nil)) ?? [] { add(problem) }
    }

    mutating func add(_ problem: LedgerProblem) { add(problem.place, problem.what) }

    mutating func add(_ place: String, _ what: String) {
        if problems.count < Self.limit { problems.append(LedgerProblem(place, what)) }
    }
}
