internal import Folders
internal import Synchronization
package import Vocabulary

/// One consignment on its way, as `status` shows it.
package struct Underway: Sendable {
    package let waybill: SignedWaybill
    package var attempts = 0
    package var why: String?
    package var nextAt: Instant?
    var noted: String?
    /// By a person: no attempt is begun, and one that runs stops at its next part.
    fileprivate(set) var isTakenBack = false
    /// A byte of it may have left.
    fileprivate(set) var hasBegun = false
    /// Attempts that run. An emergency that is tried again at once begins its next before the last has ended.
    fileprivate var inFlight = 0
    /// Boot clock, nanoseconds: since when it waits.
    let since: Int64
    /// Which key of theirs the last attempt was sealed to.
    var sealedTo: Fingerprint?

    /// - Parameter mayBeThere: it is of a former life, and has waited for long enough.
    init(_ waybill: SignedWaybill, mayBeThere: Bool) {
        (self.waybill, hasBegun) = (waybill, mayBeThere)
        since = mayBeThere ? .min : BootClock.now()
    }
}

/// What is on its way to one partner. A table and no actor: it is asked before every message.
final class UnderwayTable: Sendable {
    private struct State {
        var items: [ConsignmentID: Underway] = [:]
        /// Who waits until no attempt of a consignment runs any more.
        var untilNoneRuns: [ConsignmentID: [CheckedContinuation<Void, Never>]] = [:]
        /// Its dispatcher has ended: what comes belongs to another one.
        var isClosed = false
    }

    private let state = Mutex(State())

    subscript(id: ConsignmentID) -> Underway? { state.withLock { $0.items[id] } }
    var all: [Underway] { state.withLock { Array($0.items.values) } }

    /// False once all was handed over.
    func add(_ item: Underway) -> Bool {
        state.withLock { state in
            if !state.isClosed { state.items[item.waybill.id] = item }
            return !state.isClosed
        }
    }

    func remove(_ id: ConsignmentID) { state.withLock { $0.items[id] = nil } }

    /// Nothing, if it is there no more.
    func change(_ id: ConsignmentID, _ body: (inout Underway) -> Void) {
        state.withLock { state in
            guard var item = state.items[id] else { return }
            body(&item)
            state.items[id] = item
        }
    }

    /// False once it has been taken back and forgotten: its job may still wait in a queue, or sleep until the next try.
    func begin(_ id: ConsignmentID) -> Bool {
        state.withLock { state in
            guard state.items[id]?.isTakenBack == false else { return false }
            state.items[id]?.inFlight += 1
            return true
        }
    }

    func end(_ id: ConsignmentID) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.items[id]?.inFlight -= 1
            guard state.items[id]?.inFlight ?? 0 == 0 else { return [] }
            return state.untilNoneRuns.removeValue(forKey: id) ?? []
        }
        for waiter in waiting { waiter.resume() }
    }

    /// Asked before each message: false once it has been taken back, else from now on some of it may have left.
    func leaves(_ id: ConsignmentID) -> Bool {
        state.withLock { state in
            guard state.items[id]?.isTakenBack == false else { return false }
            state.items[id]?.hasBegun = true
            return true
        }
    }

    /// Gives up what waits, for good; what is being taken back is not among it.
    func handOver() -> [Underway] {
        state.withLock { state in
            state.isClosed = true
            let items = state.items.values.filter { !$0.isTakenBack }
            for item in items { state.items[item.waybill.id] = nil }
            return items.sorted { $0.waybill.id < $1.waybill.id }
        }
    }

    /// Returns once no attempt of it runs any more, with what it was; nil if it had ended.
    func takeBack(_ id: ConsignmentID) async -> Underway? {
        let isThere = state.withLock { state in
            state.items[id]?.isTakenBack = true
            return state.items[id] != nil
        }
        guard isThere else { return nil }
        await withCheckedContinuation { waiter in
            let mustWait = state.withLock { state in
                guard state.items[id]?.inFlight ?? 0 > 0 else { return false }
                state.untilNoneRuns[id, default: []].append(waiter)
                return true
            }
            if !mustWait { waiter.resume() }
        }
        return state.withLock { $0.items.removeValue(forKey: id) }
    }
}
