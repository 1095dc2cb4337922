internal import Synchronization

/// A port number that becomes known once.
final class Ready: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Int?, Never>])
        case open(Int)
        case closed
    }

    private let state = Mutex(State.waiting([]))

    func open(port: Int) { settle(.open(port), port) }
    func close() { settle(.closed, nil) }

    private func settle(_ next: State, _ port: Int?) {
        let waiting = state.withLock { state in
            defer { state = next }
            if case .waiting(let waiting) = state { return waiting }
            return []
        }
        for one in waiting { one.resume(returning: port) }
    }

    var port: Int? {
        get async {
            await withCheckedContinuation { continuation in
                let known: Int?? = state.withLock { state in
                    switch state {
                    case .waiting(let others):
                        state = .waiting(others + [continuation])
                        return nil
                    case .open(let port): return port
                    case .closed: return .some(nil)
                    }
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }
}
