package import Statements
internal import Synchronization
internal import Transport
internal import Vocabulary

// What a newer card, of ours or of a partner, means for what is on its way.

extension Sending {
    /// A newer card of the same identity: what is under way goes on, and what waited for it goes at once.
    package func cardChanged(_ old: Partner, _ new: Partner) async {
        guard old.card.address == new.card.address else { return await partnerChanged(new.id) }
        agency.signals.send(.post)
        // They refuse, or no longer answer with, what they have retired.
        if old.card.retired != new.card.retired { await couriers.renew(new.id) }
        dispatchers.withLock { $0[new.id]?.0 }?.gate.succeeded()
    }
}
