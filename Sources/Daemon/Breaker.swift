internal import Ledger
internal import Synchronization

/// Trips once, when the ledger breaks.
final class Breaker: Sendable {
    private struct State {
        var trouble: LedgerTrouble?
        var action: (@Sendable (LedgerTrouble) -> Void)?
    }
    private let state = Mutex(State())

    var trouble: LedgerTrouble? { state.withLock { $0.trouble } }

    func onTrip(_ action: @escaping @Sendable (LedgerTrouble) -> Void) {
        let already = state.withLock { state in
            state.action = action
            return state.trouble
        }
        if let already { action(already) }
    }

    func trip(_ trouble: LedgerTrouble) {
        let action = state.withLock { state -> (@Sendable (LedgerTrouble) -> Void)? in
            guard state.trouble == nil else { return nil }
            state.trouble = trouble
            return state.action
        }
        action?(trouble)
    }
}
