internal import NIOCore
internal import Synchronization
internal import Vocabulary

/// Who is here now: the live connections, and how much of each kind every partner has under way.
final class VisitorBook: Sendable {
    /// What is counted: consignments, and questions about ledgers.
    enum Errand: Hashable { case arrival, question }

    private struct Pursuit: Hashable {
        let errand: Errand
        let peer: AgencyID
    }

    private struct State {
        var here: [ObjectIdentifier: Visitor] = [:]
        var underWay: [Pursuit: Int] = [:]
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

    /// Counts one more errand of `peer`, or says no.
    func begin(_ errand: Errand, of peer: AgencyID, atMost most: Int) -> Bool {
        let pursuit = Pursuit(errand: errand, peer: peer)
        return state.withLock { state in
            guard state.underWay[pursuit, default: 0] < most else { return false }
            state.underWay[pursuit, default: 0] += 1
            return true
        }
    }

    func end(_ errand: Errand, of peer: AgencyID) {
        let pursuit = Pursuit(errand: errand, peer: peer)
        state.withLock { state in
            let left = state.underWay[pursuit, default: 0] - 1
            state.underWay[pursuit] = left > 0 ? left : nil
        }
    }
}
