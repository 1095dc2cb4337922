internal import NIOCore
internal import Synchronization
internal import Transport
internal import Vocabulary

/// Who is here now: the live connections, those that have proved themselves apart from those that have not.
///
///     connected ─► unproved: so many in all, so many of one address; the oldest makes room
///     handshake complete ─► proved: so many of one partner; one that rests, or is long in a request, makes room
///
/// Nobody knows what a new connection brings before its waybill is read: it may be an emergency. So it is let in, and one that
/// brings none goes.
final class ConnectionLimits: Sendable {
    private struct State {
        /// In order of coming.
        var unproved: [Connection] = []
        var proved: [AgencyID: [Connection]] = [:]
    }

    let budget: Budget
    private let state = Mutex(State())

    init(_ budget: Budget) { self.budget = budget }

    /// Lets a new connection in; whoever has to make room for it is closed.
    func enter(_ connection: Connection) {
        while !budget.take(of: .handshakes, for: connection.address) {
            guard let oldest = takeUnproved(besides: connection) else {
                budget.count(1, of: .handshakes, for: connection.address)
                break
            }
            budget.give(of: .handshakes, for: oldest.address)
            oldest.channel.close(promise: nil)
        }
        state.withLock { $0.unproved.append(connection) }
    }

    /// The oldest of its address if that has too many, else of all: one that has said nothing goes first.
    private func takeUnproved(besides newcomer: Connection) -> Connection? {
        let isAddressFull = budget.held(.handshakes, by: newcomer.address) >= budget.bounds[.handshakes].each
        return state.withLock { state in
            let all = state.unproved.indices.filter { !isAddressFull || state.unproved[$0].address == newcomer.address }
            guard let at = all.first(where: { !state.unproved[$0].hasSpoken }) ?? all.first else { return nil }
            return state.unproved.remove(at: at)
        }
    }

    /// Its handshake is complete. False if there is no place for it: all of its partner's connections bring emergencies.
    func prove(_ connection: Connection) -> Bool {
        guard let peer = connection.prove() else { return false }
        // One that had to make room in this very moment.
        guard leaveUnproved(connection) else { return false }
        while !budget.takeQuietly(of: .connections, for: .partner(peer)) {
            guard let other = takeProved(for: peer) else {
                budget.note(.held(.connections), of: .partner(peer))
                return false
            }
            other.channel.close(promise: nil)
        }
        state.withLock { $0.proved[peer, default: []].append(connection) }
        return true
    }

    /// Of the partner itself, if it is at its bound or has most; else of whoever has most, as long as that is more than the
    /// newcomer's partner has.
    private func takeProved(for peer: AgencyID) -> Connection? {
        let isFull = budget.held(.connections, by: .partner(peer)) >= budget.bounds[.connections].each
        let found = state.withLock { state -> (AgencyID, Connection)? in
            let most = state.proved.max { $0.value.count < $1.value.count }?.key ?? peer
            let victim = isFull ? peer : most
            guard let theirs = state.proved[victim], !theirs.isEmpty else { return nil }
            let hasMore = victim != peer && theirs.count > (state.proved[peer]?.count ?? 0) + 1
            let chosen = Self.mayGo(of: theirs, busyToo: victim == peer || hasMore)
            guard let at = chosen ?? (hasMore ? 0 : nil) else { return nil }
            return (victim, state.proved[victim]?.remove(at: at) ?? theirs[at])
        }
        guard let (victim, connection) = found else { return nil }
        budget.give(of: .connections, for: .partner(victim))
        // What it brought is gone on with from its mark.
        if victim != peer || !connection.isResting { budget.note(.held(.connections), of: .partner(victim)) }
        return connection
    }

    /// One that is done; else the one that has been longest in a request without an emergency; else the oldest that has said
    /// nothing yet.
    private static func mayGo(of connections: [Connection], busyToo: Bool) -> Int? {
        if let done = connections.firstIndex(where: \.isDone) { return done }
        let busy = connections.indices.compactMap { at in connections[at].routineSince.map { (at, $0) } }
        if busyToo, let longest = busy.min(by: { $0.1 < $1.1 }) { return longest.0 }
        return connections.firstIndex(where: \.isResting)
    }

    private func leaveUnproved(_ connection: Connection) -> Bool {
        let wasThere = state.withLock { state in
            guard let at = state.unproved.firstIndex(where: { $0 === connection }) else { return false }
            state.unproved.remove(at: at)
            return true
        }
        if wasThere { budget.give(of: .handshakes, for: connection.address) }
        return wasThere
    }

    /// It is closed.
    func leave(_ connection: Connection) {
        if leaveUnproved(connection) { return }
        guard let peer = connection.admittedAs else { return }
        let wasThere = state.withLock { state in
            guard let at = state.proved[peer]?.firstIndex(where: { $0 === connection }) else { return false }
            state.proved[peer]?.remove(at: at)
            if state.proved[peer]?.isEmpty == true { state.proved[peer] = nil }
            return true
        }
        if wasThere { budget.give(of: .connections, for: .partner(peer)) }
    }

    /// Closes every connection that was admitted as `peer`'s; returns how many.
    func closeAll(of peer: AgencyID) -> Int {
        let theirs = state.withLock { $0.proved[peer] ?? [] }
        for connection in theirs { connection.channel.close(promise: nil) }
        return theirs.count
    }
}
