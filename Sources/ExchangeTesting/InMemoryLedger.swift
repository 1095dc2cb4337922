package import Ledger
package import Vocabulary

/// The ledger without a file: the twin that tests of the exchange use, held to the same conformance suite.
package actor InMemoryLedger: Ledger {
    private struct Entry {
        var record: ConsignmentRecord
        var stage: ConsignmentHistory.Stage
        let first: Instant
        /// In the order of first sight.
        let number: Int
    }

    private let crypto: any LedgerCrypto
    private let signer: any CheckpointSigner
    package private(set) var origin: LedgerOrigin
    private var stored: [StoredEvent] = []
    /// Places in `stored`.
    private var about: [ConsignmentID: [Int]] = [:]
    private var nodes: [[Digest]] = []
    private var frontier = MerkleFrontier()
    private var entries: [ConsignmentKey: Entry] = [:]
    private var owed: [ConsignmentID: Duty] = [:]
    private var marks: [ConsignmentKey: StagingMark] = [:]
    private var tries: [ConsignmentKey: Attempt] = [:]
    private var heads: [String: WitnessedHead] = [:]
    private var checkpoints: [Countersigned] = []
    private var tokens: [TimeToken] = []
    private var facts: [String: String] = [:]
    /// Set by a test: every append and plain write throws this until it is nil again.
    private var trouble: LedgerTrouble?

    package init(origin: LedgerOrigin, crypto: any LedgerCrypto, signer: any CheckpointSigner) {
        self.origin = origin
        self.crypto = crypto
        self.signer = signer
    }

    package var testOnlyEvents: [StoredEvent] { stored }

    /// Makes every later write fail like this; nil heals it.
    package func fail(with trouble: LedgerTrouble?) { self.trouble = trouble }

    package func append(each groups: [[NewEvent]]) async throws -> [Result<[Int64], LedgerTrouble>] {
        if let trouble { throw trouble }
        return groups.map { group in
            do throws(LedgerTrouble) { return .success(try take(group)) } catch { return .failure(error) }
        }
    }

    private func take(_ events: [NewEvent]) throws(LedgerTrouble) -> [Int64] {
        var projection = Projection(stage: { [entries] in entries[$0]?.stage }, duty: { [owed] in owed[$0] })
        do { try projection.take(events) } catch { throw LedgerTrouble.refused("the ledger refused it: \(error)") }
        for (key, row) in projection.rows { write(row, key) }
        for (id, carried) in projection.duties { owed[id] = carried.duty }
        return events.map(store)
    }

    private func store(_ event: NewEvent) -> Int64 {
        let salted = SaltedEvent(event, crypto)
        let leaf = salted.leaf(at: frontier.size)
        if let id = leaf.consignment { about[id, default: []].append(stored.count) }
        stored.append(StoredEvent(seq: leaf.seq, leaf: leaf, salt: salted.salt, detail: salted.detail))
        let hasher = MerkleHasher(crypto)
        for node in frontier.append(hasher.leaf(leaf.bytes), hasher) {
            if nodes.count == node.level { nodes.append([]) }
            nodes[node.level].append(node.hash)
        }
        return leaf.seq
    }

    private func write(_ row: Projection.Row, _ key: ConsignmentKey) {
        if var entry = entries[key] {
            entry.stage = row.history.stage
            if let record = row.record { entry.record = record }
            if let state = row.history.state { entry.record.state = state }
            entries[key] = entry
        } else if let record = row.record {
            let first = key.direction == .sent ? record.claimedAt ?? row.firstSeen : row.firstSeen
            entries[key] = Entry(record: record, stage: row.history.stage, first: first, number: entries.count)
        }
        if row.endings.contains(.clearStagingMark) { marks[key] = nil }
        if row.endings.contains(.clearAttempt) { tries[key] = nil }
    }

    package func records(_ keys: [ConsignmentKey]) async throws -> [ConsignmentKey: ConsignmentRecord] {
        keys.reduce(into: [:]) { $0[$1] = entries[$1]?.record }
    }

    package func newest(
        _ kind: EventKind, of keys: [ConsignmentKey]
    ) async throws -> [ConsignmentKey: [UInt8]] {
        var found: [ConsignmentKey: [UInt8]] = [:]
        for key in keys {
            let detail = try await events(of: key).last { $0.leaf.kind == kind }?.detail
            let statement = detail.flatMap { try? EventDetail(parsing: $0).statement }
            if let statement, !statement.isEmpty { found[key] = statement }
        }
        return found
    }

    package func statements(_ kinds: Set<EventKind>, of key: ConsignmentKey) async throws -> [StoredStatement] {
        try await events(of: key).statements(kinds)
    }

    package func events(of key: ConsignmentKey) async throws -> [StoredEvent] {
        (about[key.id] ?? []).map { stored[$0] }.filter {
            $0.leaf.partner == key.partner
                && ($0.leaf.kind.direction == nil || $0.leaf.kind.direction == key.direction)
        }
    }

    package func list(
        _ filter: LedgerFilter, after key: ConsignmentKey?, limit: Int
    ) async throws -> [ConsignmentRecord] {
        var found = entries.values.filter { filter.admits($0.record, first: $0.first) }
            .sorted { ($0.first, $0.number) > ($1.first, $1.number) }
        if let key {
            guard let last = entries[key] else {
                throw LedgerTrouble.refused("the ledger refused it: cannot go on after \(key.id)")
            }
            found.removeAll { ($0.first, $0.number) >= (last.first, last.number) }
        }
        return found.prefix(limit).map(\.record)
    }

    package func counts() async throws -> [Direction: [ConsignmentState: Int]] {
        entries.values.reduce(into: [:]) { $0[$1.record.key.direction, default: [:]][$1.record.state, default: 0] += 1 }
    }

    package func duties(_ filter: DutyFilter, limit: Int) async throws -> [Duty] {
        let some = filter.id.map { id in owed[id].map { [$0] } ?? [] } ?? Array(owed.values)
        let found = some.filter(filter.admits).sorted { ($0.next, $0.id) < ($1.next, $1.id) }
        return Array(found.prefix(limit))
    }

    package func checkpoint() async throws -> String {
        let root = frontier.root(MerkleHasher(crypto))
        return try Checkpoint(origin: origin.description, size: frontier.size, root: root).signed(by: signer, crypto)
            .text
    }

    package func inclusionProof(of seq: Int64, in size: Int64) async throws -> [Digest] {
        guard (0...frontier.size).contains(size) else { throw LedgerTrouble.broken("no size of \(size) yet") }
        let tree = MerkleTree(size: size, hasher: MerkleHasher(crypto)) { [nodes] in nodes[$0][Int($1)] }
        do { return try tree.inclusionProof(of: seq) } catch { throw LedgerTrouble.broken("\(error)") }
    }

    package func note(_ staging: StagingMark.Change) async throws {
        if let trouble { throw trouble }
        switch staging {
        case .set(let mark): marks[mark.key] = mark
        case .clear(let key): marks[key] = nil
        }
    }
    package func stagingMarks(of keys: [ConsignmentKey]?) async throws -> [StagingMark] {
        let wanted = keys.map(Set.init)
        return marks.values.filter { wanted?.contains($0.key) ?? true }
            .sorted { ($0.at, $0.key.id) < ($1.at, $1.key.id) }
    }
    package func noteAttempt(_ attempt: Attempt) async throws {
        if let trouble { throw trouble }
        tries[attempt.key] = attempt
    }
    package func attempts() async throws -> [Attempt] {
        tries.values.sorted { ($0.lastAt, $0.key.id) < ($1.lastAt, $1.key.id) }
    }
}

// Epochs, and what others vouch for.
extension InMemoryLedger {
    package func consistencyProof(from old: Int64, to new: Int64) async throws -> [Digest] {
        guard new <= frontier.size else { throw LedgerTrouble.broken("no size of \(new) yet") }
        let tree = MerkleTree(size: new, hasher: MerkleHasher(crypto)) { [nodes] in nodes[$0][Int($1)] }
        do { return try tree.consistencyProof(from: old) } catch { throw LedgerTrouble.broken("\(error)") }
    }

    package func beginEpoch(_ facts: [String: JSON], at now: Instant) async throws -> LedgerOrigin {
        let hex = Array(Hex.encode(crypto.salt()).utf8)
        let id = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: hex[$0], as: UTF8.self) }
        let new = try LedgerOrigin(
            agency: origin.agency, identity: origin.identity, ledger: id.joined(separator: "-"))
        let told = facts.merging(["before": .string(origin.description), "origin": .string(new.description)]) { $1 }
        try await append([
            NewEvent(at: now, kind: .epoch, consignment: nil, partner: nil, detail: EventDetail(told))
        ])
        origin = new
        return new
    }

    package func agencyEvents(_ kinds: Set<EventKind>, of partner: AgencyID?) async throws -> [StoredEvent] {
        stored.filter { $0.leaf.consignment == nil && $0.leaf.partner == partner && kinds.contains($0.leaf.kind) }
    }

    package func keep(_ vouched: Vouched) async throws -> Bool {
        if let trouble { throw trouble }
        switch vouched {
        case .head(let head, let old):
            guard heads[head.checkpoint.origin]?.checkpoint.size ?? 0 == old else { return false }
            heads[head.checkpoint.origin] = head
        case .countersigned(let one):
            let isKnown = checkpoints.contains { $0.partner == one.partner && $0.size == one.size }
            if !isKnown { checkpoints.append(one) }
        case .token(let one):
            if !tokens.contains(where: { $0.size == one.size }) { tokens.append(one) }
        }
        return true
    }
    package func witnessed() async throws -> [WitnessedHead] {
        heads.values.sorted { ($0.partner, $0.at, $0.checkpoint.origin) < ($1.partner, $1.at, $1.checkpoint.origin) }
    }
    package func countersigned(_ wanted: Countersigned.Wanted) async throws -> [Countersigned] {
        switch wanted {
        case .covering(let size, let partner, let limit):
            let found = checkpoints.filter { $0.size >= size && (partner == nil || $0.partner == partner) }
                .sorted { ($0.size, $0.partner) < ($1.size, $1.partner) }
            return Array(found.prefix(limit))
        case .newest:
            return Dictionary(grouping: checkpoints, by: \.partner).compactMap { $1.max { $0.size < $1.size } }
                .sorted { $0.partner < $1.partner }
        }
    }
    package func timeTokens(_ wanted: TimeToken.Wanted) async throws -> [TimeToken] {
        switch wanted {
        case .covering(let size, let limit):
            Array(tokens.filter { $0.size >= size }.sorted { $0.size < $1.size }.prefix(limit))
        case .newest: tokens.max { $0.size < $1.size }.map { [$0] } ?? []
        }
    }
    package func remember(_ facts: [String: String?]) async throws {
        if let trouble { throw trouble }
        for (name, value) in facts { self.facts[name] = value }
    }
    package func remembered(named prefix: String) async throws -> [String: String] {
        facts.filter { $0.key.utf8.starts(with: prefix.utf8) }
    }
}
