internal import Synchronization
package import Vocabulary

/// What partners may take of this machine, each of them and all together: what they hold, and what they cause in a time.
///
///     held, and given back     memory, staged bytes, connections, places for arrivals       `Share`
///     caused in a time         consignments, statements, cards, bytes of the ledger         `Rate`
///     said in a minute         one log line for each kind of refused thing, then a count    `line`
///
/// It is asked before something is taken. Whoever is at its bound is told no, or waits and is not read from; everybody else
/// goes on. Who was at a bound within the last minute is told by `over`.
package final class Budget: Sendable {
    /// Whoever takes: a partner once it has proved itself, before that a network address.
    package enum Holder: Hashable, Sendable, CustomStringConvertible {
        case partner(AgencyID)
        case address(String)

        package var description: String {
            switch self {
            case .partner(let id): id.text
            case .address(let text): text
            }
        }
    }

    /// One who waits for a share.
    struct Waiter {
        let ticket: Int
        let holder: Holder
        let amount: Int64
        let since: ContinuousClock.Instant
        let go: CheckedContinuation<Bool, Never>
    }

    struct Held {
        var all: Int64 = 0
        var each: [Holder: Int64] = [:]
        var waiters: [Waiter] = []

        /// Behind those who came before, or who ask for as little.
        mutating func line(up waiter: Waiter, smallFirst: Bool) {
            let at = smallFirst ? waiters.firstIndex { $0.amount > waiter.amount } : nil
            waiters.insert(waiter, at: at ?? waiters.endIndex)
        }
    }

    struct Spent {
        var window: Int64
        var amount: Int64 = 0
    }

    struct Line: Hashable {
        let what: String
        let holder: Holder
    }

    struct State {
        var held: [Share: Held] = [:]
        var spent: [Rate: [Holder: Spent]] = [:]
        var over: [Holder: [Reason: ContinuousClock.Instant]] = [:]
        var lines: [Line: (since: ContinuousClock.Instant, unsaid: Int)] = [:]
        var tickets = 0
    }

    /// For so long somebody who was at a bound is told of.
    package static let memory: Duration = .seconds(60)
    /// Who waits for less is only busy.
    package static let patience: Duration = .seconds(5)

    package let bounds: Bounds
    let state = Mutex(State())

    package init(_ bounds: Bounds = Bounds()) { self.bounds = bounds }

    // MARK: - Held

    /// Takes an amount, or says no at once. Nobody overtakes one who waits.
    /// - Parameter orAlone: whoever holds nothing of it gets it however much that is.
    package func take(
        _ amount: Int64 = 1, of share: Share, for holder: Holder, orAlone: Bool = false,
        at now: ContinuousClock.Instant = .now
    ) -> Bool {
        state.withLock { state in
            let isFree =
                fits(amount, of: share, for: holder, orAlone, state)
                && !state.isAwaited(share, by: holder, amount, bounds)
            if isFree {
                state.add(amount, of: share, for: holder)
            } else {
                state.note(.held(share), of: holder, at: now)
            }
            return isFree
        }
    }

    /// As `take`, without a word about a no: for whoever goes on to wait, or to make room.
    package func takeQuietly(_ amount: Int64 = 1, of share: Share, for holder: Holder) -> Bool {
        state.withLock { state in
            guard fits(amount, of: share, for: holder, false, state),
                !state.isAwaited(share, by: holder, amount, bounds)
            else {
                return false
            }
            state.add(amount, of: share, for: holder)
            return true
        }
    }

    /// Counts what is there already, such as what a former life left.
    package func count(_ amount: Int64, of share: Share, for holder: Holder) {
        state.withLock { $0.add(amount, of: share, for: holder) }
    }

    package func give(_ amount: Int64 = 1, of share: Share, for holder: Holder) {
        let woken = state.withLock { state in
            state.add(-amount, of: share, for: holder)
            return state.grant(share, bounds)
        }
        for waiter in woken { waiter.resume(returning: true) }
    }

    package func held(_ share: Share, by holder: Holder) -> Int64 {
        state.withLock { $0.held[share]?.each[holder] ?? 0 }
    }

    package func held(_ share: Share) -> Int64 { state.withLock { $0.held[share]?.all ?? 0 } }

    /// Everybody who holds some of it.
    package func holders(of share: Share) -> [Holder: Int64] { state.withLock { $0.held[share]?.each ?? [:] } }

    private func fits(
        _ amount: Int64, of share: Share, for holder: Holder, _ orAlone: Bool, _ state: State
    ) -> Bool {
        let (bound, held) = (bounds[share], state.held[share] ?? Held())
        let theirs = held.each[holder] ?? 0
        guard held.all <= bound.all - amount else { return false }
        return theirs <= bound.each - amount || (orAlone && theirs == 0)
    }

    // MARK: - Waiting

    /// Puts somebody into the queue; resumed with true once the amount is theirs, with false by `leave`.
    func queue(
        _ amount: Int64, of share: Share, for holder: Holder, _ go: CheckedContinuation<Bool, Never>,
        at now: ContinuousClock.Instant = .now
    ) -> Int {
        let (ticket, woken) = state.withLock { state in
            state.tickets += 1
            let waiter = Waiter(ticket: state.tickets, holder: holder, amount: amount, since: now, go: go)
            state.held[share, default: Held()].line(up: waiter, smallFirst: share == .unread)
            return (state.tickets, state.grant(share, bounds))
        }
        for waiter in woken { waiter.resume(returning: true) }
        return ticket
    }

    /// Takes somebody out of the queue who does not wait any more.
    func leave(_ ticket: Int, _ share: Share) {
        let gone = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
            guard let at = state.held[share]?.waiters.firstIndex(where: { $0.ticket == ticket }),
                let waiter = state.held[share]?.waiters.remove(at: at)
            else { return [] }
            // Whoever stood behind it may go now.
            for other in state.grant(share, bounds) { other.resume(returning: true) }
            return [waiter.go]
        }
        for waiter in gone { waiter.resume(returning: false) }
    }

    /// How many wait.
    func waiting(for share: Share) -> Int { state.withLock { $0.held[share]?.waiters.count ?? 0 } }

    // MARK: - Caused

    /// Counts what somebody causes; false, and nothing is counted, beyond what it may in this minute or hour.
    /// - Parameter more: a multiple of the bound, in quarters: emergencies may use five.
    package func spend(
        _ amount: Int64 = 1, of rate: Rate, by partner: AgencyID, at now: Instant, quarters: Int64 = 4
    ) -> Bool {
        let holder = Holder.partner(partner)
        let window = now.seconds / rate.seconds
        return state.withLock { state in
            var spent = state.spent[rate]?[holder] ?? Spent(window: window)
            if spent.window != window { spent = Spent(window: window) }
            guard spent.amount + amount <= bounds[rate] / 4 * quarters + bounds[rate] % 4 else {
                state.note(.caused(rate), of: holder, at: .now)
                return false
            }
            spent.amount += amount
            state.spent[rate, default: [:]][holder] = spent
            return true
        }
    }

    package func spent(_ rate: Rate, by partner: AgencyID, at now: Instant) -> Int64 {
        state.withLock { state in
            guard let spent = state.spent[rate]?[.partner(partner)], spent.window == now.seconds / rate.seconds else {
                return 0
            }
            return spent.amount
        }
    }
}

extension Budget.State {
    mutating func add(_ amount: Int64, of share: Budget.Share, for holder: Budget.Holder) {
        var held = self.held[share] ?? Budget.Held()
        let left = (held.each[holder] ?? 0) + amount
        held.each[holder] = left > 0 ? left : nil
        held.all += amount
        self.held[share] = held
    }

    /// Whether one waits whom nobody may overtake: another of the same holder, or one who lacks only what all share.
    func isAwaited(
        _ share: Budget.Share, by holder: Budget.Holder, _ amount: Int64, _ bounds: Budget.Bounds
    ) -> Bool {
        guard let held = held[share], !held.waiters.isEmpty else { return false }
        return held.waiters.contains { waiter in
            if share == .unread, waiter.amount > amount { return false }
            return waiter.holder == holder || (held.each[waiter.holder] ?? 0) + waiter.amount <= bounds[share].each
        }
    }

    /// Whose turn it is, in order of coming. Those at their own bound are passed by; one who lacks what all share is not.
    mutating func grant(
        _ share: Budget.Share, _ bounds: Budget.Bounds
    ) -> [CheckedContinuation<Bool, Never>] {
        guard let queue = held[share]?.waiters, !queue.isEmpty else { return [] }
        var (granted, left): ([CheckedContinuation<Bool, Never>], [Budget.Waiter]) = ([], [])
        var passed: Set<Budget.Holder> = []
        var isShort = false
        for waiter in queue {
            let theirs = held[share]?.each[waiter.holder] ?? 0
            if isShort || passed.contains(waiter.holder) || theirs + waiter.amount > bounds[share].each {
                passed.insert(waiter.holder)
                left.append(waiter)
            } else if (held[share]?.all ?? 0) + waiter.amount > bounds[share].all {
                isShort = true
                left.append(waiter)
            } else {
                add(waiter.amount, of: share, for: waiter.holder)
                granted.append(waiter.go)
            }
        }
        held[share]?.waiters = left
        return granted
    }
}
