internal import Ledger
internal import Vocabulary

/// Walks all leaves in order and grows the tree again beside the stored one.
struct LeafWalk: Sendable {
    private let hasher: MerkleHasher
    private let crypto: any LedgerCrypto
    private let judge: LedgerCheck.StatementJudge
    private(set) var frontier: MerkleFrontier
    /// The newest event of the last page that carries each duty.
    private(set) var carried: [ConsignmentID: Int64] = [:]
    /// Leaves whose detail is not there: `ErasureCheck` judges them.
    private(set) var missing = LeafRanges()

    /// - Parameter frontier: of the tree before the first leaf to be taken.
    init(
        hasher: MerkleHasher, crypto: any LedgerCrypto, judge: @escaping LedgerCheck.StatementJudge,
        from frontier: MerkleFrontier = MerkleFrontier()
    ) {
        self.frontier = frontier
        self.hasher = hasher
        self.crypto = crypto
        self.judge = judge
    }

    /// The sequence number to go on with.
    var next: Int64 { frontier.size }

    /// - Parameter atSize: called with the tree's size and root after each of these sizes.
    mutating func take(
        _ page: LeafPage, _ report: inout LedgerReport, sizes: Set<Int64>,
        atSize: (Int64, Digest, inout LedgerReport) -> Void
    ) {
        carried = [:]
        for seq in page.range {
            guard let entry = page.entries[seq] else {
                report.add("leaf \(seq)", "is missing, or its row cannot be read")
                frontier.append(hasher.empty, hasher)
                continue
            }
            checkLeaf(entry, &report)
            checkNodes(entry, &report)
            if sizes.contains(next) { atSize(next, frontier.root(hasher), &report) }
        }
    }

    private mutating func checkNodes(_ entry: LeafPage.Entry, _ report: inout LedgerReport) {
        for node in frontier.append(hasher.leaf(entry.leaf), hasher) where node.level > 0 {
            let place = "node \(node.index) of level \(node.level)"
            switch entry.nodes[node.level] {
            case nil: report.add(place, "is missing")
            case node.hash.bytes: break
            default: report.add(place, "is not the hash of its leaves")
            }
        }
    }

    private mutating func checkLeaf(_ entry: LeafPage.Entry, _ report: inout LedgerReport) {
        let place = "leaf \(entry.seq)"
        let leaf: Leaf
        do { leaf = try Leaf(parsing: entry.leaf) } catch { return report.add(place, "cannot be read: \(error.why)") }
        if leaf.seq != entry.seq { report.add(place, "says that it is leaf \(leaf.seq)") }
        let agrees = leaf.consignment?.bytes == entry.consignment && leaf.partner?.text == entry.partner
        if !agrees || leaf.kind.rawValue != entry.kind { report.add(place, "its columns say something else than it") }
        guard let salt = entry.salt, let detail = entry.detail else {
            missing.append(entry.seq...entry.seq)
            return report.erased += 1
        }
        guard crypto.hmac(key: salt, detail) == leaf.commitment else {
            return report.add(place, "commitment does not match its detail")
        }
        checkDetail(leaf, detail, &report)
    }

    private mutating func checkDetail(_ leaf: Leaf, _ bytes: [UInt8], _ report: inout LedgerReport) {
        let place = "leaf \(leaf.seq)"
        do {
            let detail = try EventDetail(parsing: bytes)
            for duty in try detail.duties { carried[duty.id] = leaf.seq }
            let statement = detail.statement
            if statement.isEmpty { return }
            report.statements += 1
            if let problem = judge(leaf.kind, statement, leaf.partner) { report.add(place, problem) }
        } catch {
            report.add(place, "its detail cannot be read: \(error.why)")
        }
    }
}
