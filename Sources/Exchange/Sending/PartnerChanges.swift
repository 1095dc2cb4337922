internal import Synchronization
internal import Transport
internal import Vocabulary

// What a newer card, of ours or of a partner, means for what is on its way.

extension Sending {
    func takeDispatcher(_ id: AgencyID) -> (Dispatcher, Task<Void, Never>)? {
        dispatchers.withLock { $0.removeValue(forKey: id) }
    }

    func takeParked(_ id: AgencyID) -> [SignedWaybill] { parked.withLock { $0.removeValue(forKey: id) ?? [] } }
    func park(_ waybill: SignedWaybill) { parked.withLock { $0[waybill.partner, default: []].append(waybill) } }

    /// A newer card of the same identity: what is under way goes on, and what waited for it goes at once.
    package func cardChanged(_ old: Partner, _ new: Partner) async {
        guard old.card.address == new.card.address else { return await partnerChanged(new.id) }
        office.signals.send(.post)
        guard let (dispatcher, _) = dispatchers.withLock({ $0[new.id] }) else { return }
        // They refuse, or no longer answer with, what they have retired.
        if old.card.retired != new.card.retired { await dispatcher.courier.renew() }
        await dispatcher.gate.succeeded()
    }

    /// Our own TLS key has changed.
    package func renewCouriers() async {
        for (dispatcher, _) in dispatchers.withLock({ Array($0.values) }) { await dispatcher.courier.renew() }
    }
}
