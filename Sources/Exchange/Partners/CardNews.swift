internal import Synchronization
package import Vocabulary

/// Where everybody leaves word that cards should travel now: ours has changed, or a partner behaves as if theirs had.
package final class CardNews: Sendable {
    private struct State {
        var suspects: Set<AgencyID> = []
        var oursChanged = false
    }

    private let state = Mutex(State())
    private let bell = Bell()

    package init() {}

    /// Something failed in a way that a newer card of theirs would explain.
    package func suspect(_ partner: AgencyID) {
        guard state.withLock({ $0.suspects.insert(partner).inserted }) else { return }
        ring()
    }

    /// We have a new card.
    package func changed() {
        state.withLock { $0.oursChanged = true }
        ring()
    }

    private func ring() { Task { [bell] in await bell.ring() } }

    /// What was left since the last time it was asked.
    func take() -> (suspects: Set<AgencyID>, oursChanged: Bool) {
        state.withLock { state in
            defer { state = State() }
            return (state.suspects, state.oursChanged)
        }
    }

    func wait() async { await bell.wait() }
    func wake() async { await bell.ring() }
}
