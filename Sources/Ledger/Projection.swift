package import Vocabulary

/// What one append does to the rows of the consignments that it touches: every ledger decides it here.
///
/// Refuses an event that cannot follow, a first event without a record, a record that contradicts its events, and a
/// change to a closed duty or to what is fixed of an open one.
package struct Projection {
    /// A row to be written once the whole append has been taken.
    package struct Row: Sendable {
        package var history: ConsignmentHistory
        /// The newest record given, in the state that the events give; nil if only the state moved.
        package var record: ConsignmentRecord?
        /// When the first event of this append about it happened: first sight, if the row is new.
        package let firstSeen: Instant
        package let isNew: Bool
        /// Which event of this append is the first about it, counting from 0.
        package let firstEvent: Int
        fileprivate(set) package var endings: Set<Ending> = []
    }

    /// What else the same commit does.
    package enum Ending: Sendable {
        /// The arrival has ended: forget how much of it is staged.
        case clearStagingMark
        /// It has been delivered or given up: forget the last attempt.
        case clearAttempt
    }

    /// A duty that this append opens or changes.
    package struct CarriedDuty: Sendable {
        /// As it stands after the append.
        package let duty: Duty
        /// Which event of the append carries it so, counting from 0.
        package let event: Int
    }

    package private(set) var rows: [ConsignmentKey: Row] = [:]
    package private(set) var duties: [ConsignmentID: CarriedDuty] = [:]
    private let stage: (ConsignmentKey) throws -> ConsignmentHistory.Stage?
    private let duty: (ConsignmentID) throws -> Duty?

    /// - Parameters:
    ///   - stage: how far a consignment had come before this append; nil if it has no row.
    ///   - duty: how a duty stood before this append; nil if it is new. Asked only about duties that events carry.
    package init(
        stage: @escaping (ConsignmentKey) throws -> ConsignmentHistory.Stage?,
        duty: @escaping (ConsignmentID) throws -> Duty?
    ) {
        self.stage = stage
        self.duty = duty
    }

    /// Takes a whole append in order. Throws `Malformed`, or what `stage` and `duty` throw.
    package mutating func take(_ events: some Sequence<NewEvent>) throws {
        for (number, event) in events.enumerated() {
            try take(event, number)
            for duty in try event.detail.duties { try take(duty, number) }
        }
        for (key, row) in rows where row.isNew && row.record == nil {
            throw Malformed("ledger event", "the first event of \(key.id) came without its record")
        }
    }

    private mutating func take(_ event: NewEvent, _ number: Int) throws {
        try Self.checkParties(event)
        guard let key = event.key else { return }
        var row = try rows[key] ?? firstLook(at: key, event.at, number)
        try row.history.take(event.kind)
        if let record = event.record {
            guard record.state == row.history.state else {
                throw Malformed("ledger event", "\(event.kind.rawValue) came with a record in \(record.state.rawValue)")
            }
            row.record = record
        }
        if let state = row.history.state { row.record?.state = state }
        if let ending = Self.ending(of: event.kind) { row.endings.insert(ending) }
        rows[key] = row
    }

    private mutating func take(_ duty: Duty, _ event: Int) throws {
        if let known = try duties[duty.id]?.duty ?? self.duty(duty.id) {
            guard known.isOpen else { throw Malformed("duty \(duty.id)", "is closed and never changes again") }
            guard known.isSame(as: duty) else {
                throw Malformed("duty \(duty.id)", "cannot change its kind, consignment, subject or opening")
            }
        }
        duties[duty.id] = CarriedDuty(duty: duty, event: event)
    }

    private func firstLook(at key: ConsignmentKey, _ at: Instant, _ number: Int) throws -> Row {
        let known = try stage(key)
        return Row(history: .init(stage: known ?? .new), firstSeen: at, isNew: known == nil, firstEvent: number)
    }

    /// An event about a consignment names it and its partner, and so does its record.
    private static func checkParties(_ event: NewEvent) throws(Malformed) {
        if event.kind.direction != nil, event.consignment == nil || event.partner == nil {
            throw Malformed("ledger event", "\(event.kind.rawValue) names no consignment or no partner")
        }
        guard let key = event.record?.key else { return }
        let agrees = key.id == event.consignment && key.partner == event.partner
        guard agrees, event.kind.direction == nil || event.kind.direction == key.direction else {
            throw Malformed("ledger event", "\(event.kind.rawValue) came with the record of another consignment")
        }
    }

    private static func ending(of kind: EventKind) -> Ending? {
        switch kind {
        case .received, .declined, .abandoned: .clearStagingMark
        case .delivered, .refused, .withdrawn, .recalled, .rejected, .lost: .clearAttempt
        default: nil
        }
    }
}
