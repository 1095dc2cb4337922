internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
package import Transport
package import Vocabulary

// What is said to who asks, and to what is not a consignment.

extension Arrivals {
    package func status(of ids: [ConsignmentID], for peer: AgencyID) async -> [ArrivalStatus] {
        partner(peer)
        if let notNow = await agency.rollback.inward(peer) { return ids.map { _ in .problem(notNow) } }
        do { return try await known(ids.map { ConsignmentKey(.received, peer, $0) }) } catch {
            return ids.map { .problem(problem(of: error, StagingKey(partner: peer, id: $0))) }
        }
    }

    /// One question of each kind for all.
    private func known(_ keys: [ConsignmentKey]) async throws -> [ArrivalStatus] {
        let records = try await agency.ledger.records(keys)
        let delivered = keys.filter { records[$0]?.state == .delivered }
        let ended = keys.filter { key in records[key].map { ![.delivered, .publishing].contains($0.state) } ?? false }
        let receipts = try await agency.ledger.newest(.received, of: delivered)
        let refusals = try await agency.ledger.newest(.declined, of: ended)
        let marks = try await agency.ledger.stagingMarks(of: keys.filter { records[$0] == nil })
        let next = Dictionary(marks.map { ($0.key, $0.next) }) { first, _ in first }
        return keys.map { key in
            if let receipt = receipts[key] { return .receipt(receipt) }
            if let refusal = refusals[key] { return .refusal(refusal) }
            return underway(key, records[key], next[key])
        }
    }

    private func underway(_ key: ConsignmentKey, _ record: ConsignmentRecord?, _ next: Int?) -> ArrivalStatus {
        let staging = StagingKey(partner: key.partner, id: key.id)
        // Not under way: the sender shall bring its waybill again, which finishes what had failed.
        if record != nil {
            let isPublished = record?.state == .publishing && table.isArriving(staging)
            return isPublished ? .problem(Problem(.busy, "It is being published.", retryAfter: 1)) : .unknown
        }
        if table.isWhole(staging) { return .problem(Self.arriving) }
        return (table.resting(staging)?.next ?? next).map(ArrivalStatus.next) ?? .unknown
    }

    func incident(_ error: any Error, _ key: StagingKey) async {
        agency.logRefused(
            "waybill not accepted", key.partner, .warning, ["consignment": "\(key.id)", "why": "\(error)"])
    }

    /// To the outside: what to do. To our log: why.
    func problem(of error: any Error, _ key: StagingKey?) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let cut as CutShort where cut == .stopping:
            return Problem(.busy, "We are about to restart.", retryAfter: 5)
        case is CancellationError: return Problem(.busy, "We are about to restart.", retryAfter: 5)
        case let cut as CutShort: return Problem(.cutShort, cut.why, retryAfter: 1)
        case WaybillOpener.Problem.clock(0):
            return Problem(.clock, "The waybill is dated before its signer's certificate began: look at your clock.")
        case WaybillOpener.Problem.clock(let ahead):
            return Problem(.clock, "The waybill is dated \(ahead / 3600) hours ahead of our clock: compare clocks.")
        case is WaybillOpener.Problem, is EnvelopeError:
            return Problem(.malformed, "The consignment cannot be opened and verified here.")
        case StagingTrouble.damagedPart: return Problem(.malformed, "A part is damaged or out of place.", retryAfter: 1)
        case LedgerTrouble.full: return Self.full
        case LedgerTrouble.refused:
            return Problem(
                .notAllowed, "This consignment has ended otherwise in the meantime: ask with GET.", retryAfter: 5)
        case LedgerTrouble.busy: return Problem(.busy, "The ledger is busy.", retryAfter: 5)
        case let trouble as FileTrouble where trouble.reason == .full: return Self.full
        case StagingTrouble.notSynced(let trouble) where trouble.reason == .full: return Self.full
        // Its alarm stands already: `PlaceWatch`.
        case is PlaceMissing: return Self.away
        default:
            agency.log.error(
                "arrival failed on our side",
                metadata: [
                    "consignment": "\(key?.id.text ?? "-")", "why": "\(error)",
                ])
            agency.alarms.alarm("inbox", "Arrivals fail on our side: \(error)")
            return Problem(.ours, "Our own side cannot store it just now; we have raised an alarm.", retryAfter: 30)
        }
    }

    static let stranger = Problem(.notAllowed, "You are not a partner of ours. Exchange cards first.")
    static let arriving = Problem(.busy, "It is arriving just now.", retryAfter: 1)
    static let tooMany = Problem(.busy, "Too many arrivals at a time.", retryAfter: 1)
    static let tooManyEntries = Problem(.busy, "You fill our ledger: too much in this hour.", retryAfter: 900)
    static let full = Problem(
        .full, "There is no space here at the moment; we have raised an alarm.", retryAfter: 30)
    static let away = Problem(
        .busy, "A folder of ours is not there at the moment; we have raised an alarm.", retryAfter: 10)
    static let withdrawn = Problem(.notAllowed, "You withdrew this consignment.")
    static let erased = Problem(
        .notAllowed, "This consignment has ended here and its details were erased since. Send the file under a new id.")
}

/// Whoever asks speaks to us, which wakes what waits for it; the answers are another's.
extension Arrivals {
    package func checkpoint() async throws -> String { try await questions.checkpoint() }

    package func addCheckpoint(_ request: [UInt8], from peer: AgencyID) async -> WitnessAnswer? {
        partner(peer)
        return await questions.addCheckpoint(request, from: peer)
    }

    package func witnessedCheckpoint(for peer: AgencyID) async -> String? {
        partner(peer)
        return await questions.witnessedCheckpoint(for: peer)
    }

    package func exchanged(with peer: AgencyID, since: Instant, after: ConsignmentID?) async throws -> [UInt8] {
        partner(peer)
        return try await questions.exchanged(with: peer, since: since, after: after)
    }
}
