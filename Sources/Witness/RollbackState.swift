package import Exchange
package import Ledger
package import Transport
package import Vocabulary

/// Keeps us from exchanging while our ledger may not be the one that partners have seen. All copies are of one state.
package struct RollbackState: RollbackGuard {
    /// Asks one partner what must be asked first; nil once exchange may go on. `isComing`: something came from it.
    package typealias Asker = @Sendable (_ partner: AgencyID, _ isComing: Bool) async -> TryLater?

    private struct Inside {
        var standstill = Standstill()
        /// Whether what a former life left of arrivals has been looked through.
        var isOpenToArrivals = true
    }

    private let inside: Watched<Inside>
    let ledger: any Ledger
    /// Nil for who cannot ask: then it is said what is known.
    private let asker: Asker?
    package static let alarm = "restored"

    /// - Parameter isClosed: nothing is exchanged until the partners have been asked.
    package init(_ ledger: any Ledger, isClosed: Bool = false) {
        let closed = Inside(standstill: Standstill(asking: [], notices: []), isOpenToArrivals: false)
        (inside, self.ledger, asker) = (Watched(isClosed ? closed : Inside()), ledger, nil)
    }

    private init(_ other: RollbackState, _ asker: @escaping Asker) {
        (inside, ledger, self.asker) = (other.inside, other.ledger, asker)
    }

    /// The same one, by which a partner is asked before anything is exchanged with it.
    package func asking(_ asker: @escaping Asker) -> RollbackState { RollbackState(self, asker) }

    package var standstill: Standstill { inside.value.standstill }
    package var isClear: Bool { standstill.state == .clear }
    package var isStopped: Bool { standstill.state == .stopped }

    /// For who cannot ask: what a former life of the daemon found stands. Throws `LedgerTrouble`.
    package func remember() async throws {
        var start = try await RecoveryMemory(ledger).standstill(asking: [])
        start.checked()
        inside.change { [start] in $0.standstill = start }
    }

    func change(_ body: (inout Standstill) -> Void) { inside.change { body(&$0.standstill) } }

    /// Arrivals of a former life are finished: partners may be let in.
    package func openToArrivals() { inside.change { $0.isOpenToArrivals = true } }

    package func outward(_ partner: AgencyID) async -> TryLater? { await ask(partner, isComing: false) }

    private func ask(_ partner: AgencyID, isComing: Bool) async -> TryLater? {
        if let why = closed { return why }
        guard standstill.mustAsk(partner), let why = await asker?(partner, isComing) else { return closed }
        return why
    }

    package func inward(_ partner: AgencyID) async -> Problem? {
        guard inside.value.isOpenToArrivals, closed == nil else { return notNow }
        _ = await ask(partner, isComing: true)
        return closed == nil && standstill.owed[partner] == nil ? nil : notNow
    }

    package var refusal: OfficerProblem? { closed.map { .refused($0.explanation) } }

    private var closed: TryLater? {
        switch standstill.state {
        case .clear: nil
        case .checking: TryLater(.ours, "Our partners are being asked first which of our checkpoints they hold.")
        case .stopped: TryLater(.ours, "Our ledger is not the newest, so nothing is sent or signed: see waybill status")
        }
    }

    package func mayClaim(for partner: AgencyID) -> Bool {
        let standstill = standstill
        return standstill.state == .clear && standstill.owed[partner] == nil
    }

    private var notNow: Problem {
        standstill.state == .stopped
            ? Problem(.busy, "This agency is putting its record back from a backup. Try again later.", retryAfter: 10)
            : Problem(.busy, "This agency is just starting. Try again in a moment.", retryAfter: 1)
    }

    package func untilClear() async throws { try await inside.until { $0.standstill.state == .clear } }

    /// Until partners may be let in, or we know that they may not.
    package func untilSettled() async throws {
        try await inside.until { $0.standstill.state == .stopped || $0.isOpenToArrivals }
    }

    package func untilOpenToArrivals() async throws { try await inside.until(\.isOpenToArrivals) }
}
