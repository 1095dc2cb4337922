package import Vocabulary

extension EventKind {
    /// Whose story this event belongs to: nil for incidents and for what happens to the agency itself.
    package var direction: Direction? {
        switch self {
        case .claimed, .weighed, .released, .held, .blocked, .rejected, .signed, .dispatching, .delivered, .refused,
            .withdrawn, .recalled, .lost, .sentBefore:
            .sent
        case .publishing, .received, .declined, .abandoned, .receivedBefore: .received
        case .said, .heard, .duty, .opened, .partnerAdded, .partnerRemoved, .cardChanged, .partnerRevoked, .incident,
            .epoch, .erased:
            nil
        }
    }
}

/// What may happen to one consignment after what has happened to it. See README, What is on disk when.
///
/// It is strict where a skipped step would be a lie (a receipt for what was never signed and sent, two signatures for one
/// id) and lenient where the world decides the order: a receipt may come after we withdrew, recalled or gave up.
package struct ConsignmentHistory: Hashable, Sendable {
    /// How far it has come; finer than `ConsignmentState`. The words are stored.
    package enum Stage: String, Sendable, CaseIterable {
        case new, claimed, weighed, released, held, blocked, rejected, signed, dispatching
        /// Held after it was signed: the file changed on the way. This id is never signed again.
        case halted
        case delivered, refused, withdrawn, recalled, lost
        case publishing, received, declined, abandoned
    }

    package private(set) var stage: Stage

    package init(stage: Stage = .new) { self.stage = stage }

    /// Replays a story; throws at the first event that cannot follow.
    package init(_ kinds: some Sequence<EventKind>) throws(Malformed) {
        self.init()
        for kind in kinds { try take(kind) }
    }

    /// Moves on by one event. Kinds without direction may come at any time and move nothing.
    package mutating func take(_ kind: EventKind) throws(Malformed) {
        guard kind.direction != nil else { return }
        guard let next = Self.next[stage]?[kind] else {
            throw Malformed("consignment history", "\(kind.rawValue) cannot follow \(stage.rawValue)")
        }
        stage = next
    }

    /// Which kinds may come next, incidents aside.
    package var allowed: Set<EventKind> { Set((Self.next[stage] ?? [:]).keys) }

    /// How lists show it; nil before the first event.
    package var state: ConsignmentState? {
        switch stage {
        case .new: nil
        case .claimed, .weighed, .released: .claimed
        case .held, .halted: .held
        case .received: .delivered
        case .declined: .refused
        case .abandoned: .withdrawn
        case .blocked: .blocked
        case .rejected: .rejected
        case .signed: .signed
        case .dispatching: .dispatching
        case .delivered: .delivered
        case .refused: .refused
        case .withdrawn: .withdrawn
        case .recalled: .recalled
        case .lost: .lost
        case .publishing: .publishing
        }
    }

    private static let ends: [EventKind: Stage] = [.withdrawn: .withdrawn, .recalled: .recalled, .lost: .lost]
    private static let judged: [EventKind: Stage] = [.held: .held, .blocked: .blocked, .rejected: .rejected]
    private static let answers: [EventKind: Stage] = [.delivered: .delivered, .refused: .refused]

    private static let next: [Stage: [EventKind: Stage]] = [
        .new: [
            .claimed: .claimed, .publishing: .publishing, .declined: .declined, .abandoned: .abandoned,
            .sentBefore: .dispatching, .receivedBefore: .publishing,
        ],
        .claimed: judged + ends + [.weighed: .weighed],
        .weighed: judged + ends + [.released: .released, .signed: .signed],
        .released: judged + ends + [.weighed: .weighed, .signed: .signed],
        .held: judged + ends + [.released: .released, .weighed: .weighed],
        .blocked: ends + [.rejected: .rejected, .held: .held],
        .signed: ends + [.dispatching: .dispatching, .held: .halted],
        .dispatching: ends + answers + [.held: .halted],
        .halted: ends + answers + [.rejected: .rejected],
        // A partner's answer counts whenever it comes.
        .withdrawn: answers,
        // What was recalled stays recalled, whenever its receipt comes.
        .recalled: [.delivered: .recalled, .refused: .recalled],
        .lost: answers + [.recalled: .recalled],
        .delivered: [.recalled: .recalled],
        .publishing: [.publishing: .publishing, .received: .received],
    ]
}

extension [EventKind: ConsignmentHistory.Stage] {
    fileprivate static func + (a: Self, b: Self) -> Self { a.merging(b) { _, later in later } }
}
