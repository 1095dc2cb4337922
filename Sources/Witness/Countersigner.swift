internal import Envelope
package import Exchange
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
package import Transport
package import Vocabulary

/// Countersigns partners' checkpoints: from then on their ledgers can only grow without our noticing otherwise.
///
///     judged ─► stored with our signature, on disk ─► answered with that signature
package actor Countersigner {
    private let agency: Agency
    private let noteKeys: NoteKeys
    /// The size that each origin was told that we hold: showing a smaller one after that is no accident.
    private var told: [String: Int64] = [:]
    private var newLedgers: [AgencyID: Instant] = [:]
    /// A partner begins a new ledger after a restored backup, not every minute.
    private static let secondsBetweenNewLedgers: Int64 = 60
    private static let mostLedgers = 64

    package init(_ agency: Agency, _ noteKeys: NoteKeys) { (self.agency, self.noteKeys) = (agency, noteKeys) }

    private nonisolated func heads(of partner: AgencyID) async throws -> [WitnessedHead] {
        try await agency.ledger.witnessed().filter { $0.partner == partner }
    }

    private func answer(_ request: [UInt8], _ partner: Partner) async throws -> WitnessAnswer? {
        let now = agency.clock.now()
        let holding = try await heads(of: partner.id)
        let judge = WitnessJudge(partner: partner, crypto: noteKeys.crypto, now: now)
        switch judge.judge(request, holding: holding) {
        case .refused(let why):
            // Perhaps they have rotated it, and their new card has not come yet.
            if why == .unknownKey { agency.signals.send(.cardSuspected(partner.id)) }
            return .refused(why)
        case .holds(let size, let shown): return try await prove(from: size, shown, holding)
        case .contradicted(let contradiction):
            try await WitnessIncidents(agency: agency).record(contradiction)
            return .refused(.inconsistent)
        case .countersign(let shown, let old):
            if old == 0, let last = holding.last {
                guard admitsNewLedger(of: partner.id, holding.count, at: now) else { return nil }
                try await WitnessIncidents(agency: agency).recordNewLedger(shown, after: last)
            }
            return try await countersign(shown, after: old, partner.id, at: now)
        }
    }

    /// Ordinary when two requests cross; not when it comes again after we have said what we hold.
    private func prove(
        from size: Int64, _ shown: ShownCheckpoint, _ holding: [WitnessedHead]
    ) async throws -> WitnessAnswer {
        let origin = shown.checkpoint.origin
        if shown.checkpoint.size < size, told[origin] == size,
            let held = holding.first(where: { $0.checkpoint.origin == origin })
        {
            try await WitnessIncidents(agency: agency).record(Contradiction(.shrunk, held, shown))
        }
        told[origin] = shown.checkpoint.size < size ? size : nil
        return .holds(size: size)
    }

    private func admitsNewLedger(of partner: AgencyID, _ count: Int, at now: Instant) -> Bool {
        let earliest = newLedgers[partner]?.adding(seconds: Self.secondsBetweenNewLedgers)
        guard count < Self.mostLedgers, earliest.map({ $0 <= now }) ?? true else { return false }
        newLedgers[partner] = now
        return true
    }

    private func countersign(
        _ shown: ShownCheckpoint, after old: Int64, _ partner: AgencyID, at now: Instant
    ) async throws -> WitnessAnswer {
        let name = LedgerOrigin.witness(agency.us.id, agency.us.fingerprint)
        let note = try shown.note.countersigned(as: name, by: noteKeys.signer, at: now, noteKeys.crypto)
        let head = WitnessedHead(partner: partner, checkpoint: shown.checkpoint, note: note.text, at: now)
        guard try await agency.ledger.keep(head, after: old) else {
            let newest = try await heads(of: partner).first { $0.checkpoint.origin == shown.checkpoint.origin }
            return .holds(size: newest?.checkpoint.size ?? 0)
        }
        CrashPoint.afterWitnessed.pass()
        told[shown.checkpoint.origin] = nil
        try await WitnessIncidents(agency: agency).proved(partner, shown.checkpoint.origin, after: old)
        return .countersigned(note.signatures.last.map { Array($0.line.utf8) } ?? [])
    }
}

extension Countersigner: LedgerQuestions {
    package nonisolated func checkpoint() async throws -> String {
        if let refusal = agency.rollback.refusal { throw refusal }
        return try await agency.ledger.checkpoint()
    }

    /// Nil: not now.
    package func addCheckpoint(_ request: [UInt8], from peer: AgencyID) async -> WitnessAnswer? {
        guard let partner = agency.partners[peer] else { return .refused(.unknownOrigin) }
        guard agency.rollback.refusal == nil else { return nil }
        do { return try await answer(request, partner) } catch {
            agency.log.error("not countersigned", metadata: ["partner": "\(peer)", "why": "\(error)"])
            return nil
        }
    }

    /// The newest checkpoint that we hold of the ledger that the partner used last.
    package nonisolated func witnessedCheckpoint(for peer: AgencyID) async -> String? {
        try? await heads(of: peer).last?.note
    }

    package nonisolated func exchanged(with peer: AgencyID, since: Instant, after: ConsignmentID?) async throws
        -> [UInt8]
    {
        try await ExchangedPage(agency: agency).bytes(with: peer, since: since, after: after)
    }
}
