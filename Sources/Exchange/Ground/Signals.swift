internal import Folders
internal import Synchronization
package import Vocabulary

/// What one part of an agency tells the others: that it is worth looking now.
///
/// Nothing rests on a signal. Several that are equal are one, and one that nobody listens for is lost: what is owed stands in
/// the ledger, where whoever listens looks when it begins.
package enum Signal: Hashable, Sendable {
    /// A statement was signed that a partner should have; `news` is one that no person waits for.
    case post, news
    /// Something was exchanged with it, so that checkpoints are swapped.
    case exchanged(AgencyID)
    /// It failed as it would if it had a newer card than we know.
    case cardSuspected(AgencyID)
    /// We have a new card.
    case cardChanged
    /// It speaks to us, so perhaps it can be reached.
    case seen(AgencyID)
    /// A file was published.
    case published
    /// A partner said something of an emergency of ours.
    case emergencyHeard
    /// Another look is due: somebody's pause is over.
    case again

    package enum Kind: Hashable, Sendable {
        case post, news, exchanged, cards, seen, published, emergencyHeard
    }

    /// Who hears it; `again` is for one listener alone.
    var kind: Kind? {
        switch self {
        case .post: .post
        case .news: .news
        case .exchanged: .exchanged
        case .cardSuspected, .cardChanged: .cards
        case .seen: .seen
        case .published: .published
        case .emergencyHeard: .emergencyHeard
        case .again: nil
        }
    }
}

/// Carries signals from anybody to whoever listens. Sending never waits and never fails.
package final class Signals: Sendable {
    private struct State {
        var listeners: [Int: (kind: Signal.Kind, hearing: Hearing)] = [:]
        var last = 0
        /// Nanoseconds since boot.
        var seen: [AgencyID: Int64] = [:]
    }

    /// A flood of requests wakes nobody a thousand times.
    private static let pause: Int64 = 1_000_000_000
    private let state = Mutex(State())

    package init() {}

    package func send(_ signal: Signal) {
        let hearings = state.withLock { state in state.listeners.values.filter { $0.kind == signal.kind }.map(\.hearing)
        }
        for hearing in hearings { hearing.tell(signal) }
    }

    /// `seen`, at most once a second for each partner.
    /// - Parameters:
    ///   - partner: one of ours, as the road proved it.
    ///   - now: nanoseconds since boot.
    package func saw(_ partner: AgencyID, at now: Int64 = BootClock.now()) {
        let isNew = state.withLock { state in
            if let last = state.seen[partner], now - last < Self.pause { return false }
            state.seen[partner] = now
            return true
        }
        if isNew { send(.seen(partner)) }
    }

    /// All of this kind that are sent from now on. It ends with the task that reads it.
    package func listen(for kind: Signal.Kind) -> Hearing {
        let hearing = Hearing()
        let number = state.withLock { state in
            state.last += 1
            state.listeners[state.last] = (kind, hearing)
            return state.last
        }
        hearing.whenEnded { [weak self] in self?.forget(number) }
        return hearing
    }

    private func forget(_ number: Int) { state.withLock { _ = $0.listeners.removeValue(forKey: number) } }
}

/// What one listener has been told and has not looked at: a set for each look, never empty.
package final class Hearing: AsyncSequence, Sendable {
    private let told = Mutex<Set<Signal>>([])
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    fileprivate init() { (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    fileprivate func whenEnded(_ body: @escaping @Sendable () -> Void) { wake.onTermination = { _ in body() } }

    package func tell(_ signal: Signal) {
        told.withLock { _ = $0.insert(signal) }
        wake.yield()
    }

    /// Has this listener look again after a while, whatever happens meanwhile.
    package func again(after seconds: Double) {
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(seconds))
            self?.tell(.again)
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(hearing: self, wakes: wakes.makeAsyncIterator()) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let hearing: Hearing
        fileprivate var wakes: AsyncStream<Void>.Iterator

        package mutating func next() async -> Set<Signal>? {
            while await wakes.next(isolation: #isolation) != nil {
                let told = hearing.take()
                if !told.isEmpty { return told }
            }
            return nil
        }
    }

    private func take() -> Set<Signal> {
        told.withLock { told in
            defer { told = [] }
            return told
        }
    }
}
