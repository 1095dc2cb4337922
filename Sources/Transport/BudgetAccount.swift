internal import Synchronization

/// What one arrival holds of its partner's budget. Everything goes back when it is closed.
package final class BudgetAccount: Sendable {
    private struct State {
        var held: [Budget.Share: Int64] = [:]
        var waiting: (ticket: Int, share: Budget.Share)?
        /// Nobody waits here any more.
        var isCut = false
        var isClosed = false
    }

    /// For so long anybody waits for its turn, then it is told to come later.
    package static let longest: Duration = .seconds(60)

    private let budget: Budget
    private let holder: Budget.Holder
    private let state = Mutex(State())

    package init(_ budget: Budget, _ holder: Budget.Holder) { (self.budget, self.holder) = (budget, holder) }

    deinit { close() }

    /// Takes it, if it is there at once.
    package func take(_ amount: Int64, of share: Budget.Share) -> Bool {
        guard budget.takeQuietly(amount, of: share, for: holder) else { return false }
        keep(amount, of: share)
        return true
    }

    /// Waits until it is there. False if this account was cut meanwhile, or after a minute.
    package func wait(for amount: Int64, of share: Budget.Share) async -> Bool {
        if take(amount, of: share) { return true }
        let patience = Task { [weak self] in
            try await Task.sleep(for: Self.longest)
            self?.giveUp()
        }
        defer { patience.cancel() }
        let isGranted = await withCheckedContinuation { go in
            state.withLock { state in
                guard !state.isCut else { return go.resume(returning: false) }
                state.waiting = (budget.queue(amount, of: share, for: holder, go), share)
            }
        }
        if isGranted { keep(amount, of: share) }
        return isGranted
    }

    package func give(_ amount: Int64, of share: Budget.Share) {
        let given = state.withLock { state in
            let given = min(amount, state.held[share] ?? 0)
            state.held[share, default: 0] -= given
            return given
        }
        if given > 0 { budget.give(given, of: share, for: holder) }
    }

    /// Whoever waits is told no, now and from now on.
    package func cut() {
        state.withLock { state in
            state.isCut = true
            if let waiting = state.waiting { budget.leave(waiting.ticket, waiting.share) }
        }
    }

    /// Gives all back, now and whatever is still taken.
    package func close() {
        cut()
        let held = state.withLock { state in
            state.isClosed = true
            defer { state.held = [:] }
            return state.held
        }
        for (share, amount) in held where amount > 0 { budget.give(amount, of: share, for: holder) }
    }

    package var isCut: Bool { state.withLock { $0.isCut } }

    /// It was told no, and that is to be known.
    package func note(_ share: Budget.Share) { budget.note(.held(share), of: holder) }

    private func keep(_ amount: Int64, of share: Budget.Share) {
        let isClosed = state.withLock { state in
            state.waiting = nil
            if !state.isClosed { state.held[share, default: 0] += amount }
            return state.isClosed
        }
        if isClosed { budget.give(amount, of: share, for: holder) }
    }

    private func giveUp() {
        state.withLock { state in
            guard let waiting = state.waiting else { return }
            budget.leave(waiting.ticket, waiting.share)
        }
    }
}
