internal import Envelope
internal import Ledger
internal import Vocabulary

/// The prover's ledger as far as a proof shows it: heads, who vouches for their time, and entries that stand in them.
struct ProofLedger {
    private let head: ProofHead
    private let later: ProofHead?
    private let stamped: ProofHead?
    /// The second in which an authority stamped `checkpoint.stamped`; nil without a token, or if nobody here can read one.
    let stampedAt: Instant?
    /// Whether that authority was named by the reader. Any other counts for nothing: the prover may have made it.
    let isAuthorityNamed: Bool

    /// - Parameters:
    ///   - proved: when the proof was signed; a head's key must not have been retired by then, unless somebody saw it before.
    ///   - authority: the time authority's certificates, if they are known from elsewhere.
    init(
        _ files: ProofFiles, _ agencies: ProofAgencies, proved: Instant, stamps: StampCheck?, authority: [UInt8]?
    ) throws(ProofFault) {
        head = try ProofHead(ProofName.checkpoint, in: files, agencies)
        let optional = { (name: String) throws(ProofFault) in
            files[name] == nil ? nil : try ProofHead(name, in: files, agencies)
        }
        later = try optional(ProofName.laterHead)
        isAuthorityNamed = authority != nil
        if let present = ProofName.stamp.first(where: { files[$0] != nil }),
            let missing = ProofName.stamp.first(where: { files[$0] == nil })
        {
            throw ProofFault(missing, "is missing beside \(present)")
        }
        stamped = try optional(ProofName.stamped)
        stampedAt = try Self.stampedAt(stamped, files, stamps, authority)
        for shown in [head, later].compactMap({ $0 }) {
            try shown.requireUnretired(agencies.ours, proved, shown.seen)
        }
        // The stamped head counts for nothing unless its authority is named: then it need not hold.
        guard let stamped, isAuthorityNamed else { return }
        try stamped.requireUnretired(agencies.ours, proved, [stamped.seen, stampedAt].compactMap { $0 }.min())
    }

    private static func stampedAt(
        _ stamped: ProofHead?, _ files: ProofFiles, _ stamps: StampCheck?, _ authority: [UInt8]?
    ) throws(ProofFault) -> Instant? {
        guard let stamped, let stamps else { return nil }
        let token = try files.require(ProofName.token)
        do {
            return Instant(
                seconds: try stamps(token, stamped.body, authority ?? files.require(ProofName.authority)).seconds)
        } catch {
            let named = authority == nil ? ProofName.authority : ProofKnown.named
            throw ProofFault(ProofName.token, "is not by an authority of \(named), over \(ProofName.stamped)")
        }
    }

    /// How many entries the stamped head has.
    var stampedSize: Int64 { stamped?.checkpoint.size ?? 0 }

    var heads: [ProofHead] { [head] + [later, stamped].compactMap { $0 } }

    /// Checks one entry: about this consignment, committed to by its leaf, standing in the tree.
    func entry(
        _ seq: Int64, in files: ProofFiles, about id: ConsignmentID, with partner: AgencyID
    ) throws(ProofFault) -> ProofEntry {
        let name = ProofName.entry(seq, .leaf)
        let leaf: Leaf
        do { leaf = try Leaf(parsing: files.require(name)) } catch { throw ProofFault(of: error, in: name) }
        guard leaf.seq == seq, leaf.consignment == id, leaf.partner == partner else {
            throw ProofFault(name, "is not entry \(seq) about this consignment and this partner")
        }
        let entry = ProofEntry(leaf: leaf, detail: try detail(of: leaf, in: files))
        let covering = seq < head.checkpoint.size ? head : later ?? head
        try covering.requireStanding(leaf, .path, in: files)
        try requireStamped(entry, in: files)
        return entry
    }

    /// The two statements must stand in the head that was stamped; what came later need not.
    private func requireStamped(_ entry: ProofEntry, in files: ProofFiles) throws(ProofFault) {
        let file = ProofName.entry(entry.leaf.seq, .stamped)
        guard let stamped else {
            if files[file] != nil { throw ProofFault(file, "is not of \(ProofName.stamped)") }
            return
        }
        guard files[file] != nil || entry.statementName != nil else { return }
        try stamped.requireStanding(entry.leaf, .stamped, in: files)
    }

    private func detail(of leaf: Leaf, in files: ProofFiles) throws(ProofFault) -> EventDetail? {
        let name = ProofName.entry(leaf.seq, .detail)
        guard let bytes = files[name] else { return nil }
        let saltName = ProofName.entry(leaf.seq, .salt)
        let text = try files.require(saltName)
        let digits = String(decoding: text.dropLast(), as: UTF8.self)
        guard text.count == 65, text.last == 0x0a, let salt = Hex.decode(digits) else {
            throw ProofFault(saltName, "is not a salt")
        }
        guard HMAC.sha256(key: salt, bytes) == leaf.commitment else {
            throw ProofFault(name, "is not what its leaf commits to")
        }
        do { return try EventDetail(parsing: bytes) } catch { throw ProofFault(of: error, in: name) }
    }

    /// Who else saw this entry of a statement and when, the best first; none: the prover alone knows of it.
    func times(of entry: ProofEntry) -> [ProofReport.Proven] {
        let seen = entry.leaf.seq < head.checkpoint.size ? head.seen : nil
        let stamp = isAuthorityNamed ? stampedAt : nil
        return [stamp.map { .init(at: $0, by: .authority) }, seen.map { .init(at: $0, by: .counterparty) }]
            .compactMap { $0 }
    }

    /// The second in which the counterparty saw the head that this entry stands in.
    func seen(_ seq: Int64) -> Instant? { seq < head.checkpoint.size ? head.seen : later?.seen }
}

/// An entry that stands in the ledger; without detail once that has been erased.
struct ProofEntry {
    let leaf: Leaf
    let detail: EventDetail?

    /// The file of the proof that holds the statement which an event of this kind carries.
    var statementName: String? {
        switch leaf.kind {
        case .signed, .publishing, .sentBefore, .receivedBefore: ProofName.waybill
        case .delivered, .received: ProofName.receipt
        case .refused, .declined: ProofName.refusal
        default: nil
        }
    }

    /// The file that holds what was said afterwards, in proofs that show it.
    var laterName: String? { leaf.kind.isLater ? ProofName.later(leaf.seq) : nil }
}

extension EventKind {
    /// Whether an event of this kind holds a statement that was made about the consignment after its waybill.
    var isLater: Bool {
        switch self {
        case .said, .heard, .recalled, .withdrawn, .abandoned: true
        default: false
        }
    }
}
