internal import NIOCore
internal import Synchronization
internal import Vocabulary

/// Who is here now: the live connections, and how many arrivals each partner has under way.
final class VisitorBook: Sendable {
    private struct State {
        var here: [ObjectIdentifier: Visitor] = [:]
        var arrivals: [AgencyID: Int] = [:]
    }

    private let state = Mutex(State())

    func enter(_ visitor: Visitor) {
        state.withLock { $0.here[ObjectIdentifier(visitor)] = visitor }
    }

    func leave(_ visitor: Visitor) {
        state.withLock { _ = $0.here.removeValue(forKey: ObjectIdentifier(visitor)) }
    }

    /// Closes every connection that was admitted as `peer`'s; returns how many.
    func closeAll(of peer: AgencyID) -> Int {
        let theirs = state.withLock { $0.here.values.filter { $0.admittedAs == peer } }
        for visitor in theirs { visitor.channel.close(promise: nil) }
        return theirs.count
    }

    /// Counts one more arrival of `peer`, or says no.
    func beginArrival(of peer: AgencyID, atMost most: Int) -> Bool {
        state.withLock { state in
            guard state.arrivals[peer, default: 0] < most else { return false }
            state.arrivals[peer, default: 0] += 1
            return true
        }
    }

    func endArrival(of peer: AgencyID) {
        state.withLock { state in
            let left = state.arrivals[peer, default: 0] - 1
            state.arrivals[peer] = left > 0 ? left : nil
        }
    }
}
