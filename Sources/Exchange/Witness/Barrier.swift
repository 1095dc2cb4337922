package import Ledger
package import Transport
package import Vocabulary

/// What everybody asks before they claim, take in, publish or sign: does a restored backup keep us from it?
package final class Barrier: Sendable {
    /// Asks one partner what must be asked first; nil once exchange may go on. `isComing`: something came from it.
    package typealias Asker = @Sendable (_ partner: AgencyID, _ isComing: Bool) async -> TryLater?

    private struct Inside {
        var standstill = Standstill()
        /// Whether what a former life left of arrivals has been looked through.
        var isOpenToArrivals = true
        var asker: Asker?
    }

    private let inside = Watched(Inside())
    package static let alarm = "restored"

    package init() {}

    package var standstill: Standstill { inside.value.standstill }
    package var isClear: Bool { standstill.state == .clear }
    package var isStopped: Bool { standstill.state == .stopped }

    /// From here on nothing is exchanged until the partners have been asked.
    package func close(asker: @escaping Asker) {
        inside.change {
            $0 = Inside(standstill: Standstill(asking: [], notices: []), isOpenToArrivals: false, asker: asker)
        }
    }

    /// For who cannot ask: what a former life of the daemon found stands. Throws `LedgerTrouble`.
    package func remember(_ ledger: any Ledger) async throws {
        var start = try await RecoveryMemory(ledger).standstill(asking: [])
        start.checked()
        inside.change { [start] in $0.standstill = start }
    }

    func change(_ body: (inout Standstill) -> Void) { inside.change { body(&$0.standstill) } }

    /// Arrivals of a former life are finished: partners may be let in.
    func openToArrivals() { inside.change { $0.isOpenToArrivals = true } }

    /// Nil if something may be sent to this partner now.
    package func outward(_ partner: AgencyID) async -> TryLater? { await ask(partner, isComing: false) }

    private func ask(_ partner: AgencyID, isComing: Bool) async -> TryLater? {
        if let why = closed { return why }
        let now = inside.value
        guard now.standstill.mustAsk(partner), let why = await now.asker?(partner, isComing) else { return closed }
        return why
    }

    /// Nil if something of this partner's may be taken now. One who cannot be asked may still come, unless something is
    /// to be fetched from it first.
    package func inward(_ partner: AgencyID) async -> Problem? {
        guard inside.value.isOpenToArrivals, closed == nil else { return notNow }
        _ = await ask(partner, isComing: true)
        return closed == nil && standstill.owed[partner] == nil ? nil : notNow
    }

    /// For whoever asks for something that would be signed.
    package var refusal: OfficerProblem? { closed.map { .refused($0.explanation) } }

    private var closed: TryLater? {
        switch standstill.state {
        case .clear: nil
        case .checking: TryLater(.ours, "Our partners are being asked first which of our checkpoints they hold.")
        case .stopped: TryLater(.ours, "Our ledger is not the newest, so nothing is sent or signed: see waybill status")
        }
    }

    /// Nothing is claimed while files of before may still turn out to have been sent.
    func mayClaim(for partner: AgencyID) -> Bool {
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
