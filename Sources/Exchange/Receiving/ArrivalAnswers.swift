internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
package import Transport
package import Vocabulary

// What is said to who asks, and to what is not a consignment.

extension Arrivals {
    package func status(of id: ConsignmentID, for peer: AgencyID) async -> ArrivalStatus {
        partner(peer)
        if let notNow = await agency.rollback.inward(peer) { return .problem(notNow) }
        let key = ConsignmentKey(.received, peer, id)
        do {
            guard let record = try await agency.ledger.record(key) else { return try await stagedStatus(key) }
            switch record.state {
            case .publishing:
                // Not under way: the sender shall bring its waybill again, which finishes what had failed.
                let isArriving = table.isArriving(StagingKey(partner: peer, id: id))
                return isArriving ? .problem(Problem(.busy, "It is being published.", retryAfter: 1)) : .unknown
            case .delivered:
                return try await agency.ledger.statement(.received, of: key).map(ArrivalStatus.receipt) ?? .unknown
            default:
                return try await agency.ledger.statement(.declined, of: key).map(ArrivalStatus.refusal) ?? .unknown
            }
        } catch {
            return .problem(problem(of: error, StagingKey(partner: peer, id: id)))
        }
    }

    func stagedStatus(_ key: ConsignmentKey) async throws -> ArrivalStatus {
        if let resting = table.resting(StagingKey(partner: key.partner, id: key.id)) {
            return .next(resting.next)
        }
        return try await agency.ledger.stagingMark(key).map { .next($0.next) } ?? .unknown
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
