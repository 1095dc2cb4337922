package import Vocabulary

// Short questions with one answer.

extension EventLog {
    /// What is still owed of these kinds about one consignment.
    package func owed(_ kinds: Duty.Kind..., about key: ConsignmentKey) async throws -> [Duty] {
        var filter = DutyFilter.open()
        (filter.kinds, filter.consignment) = (Set(kinds), key)
        return try await duties(filter, limit: 100)
    }

    /// The consignments under this id: two partners may have used one id, so there can be more than one received.
    package func all(_ id: ConsignmentID, _ direction: Direction) async throws -> [ConsignmentRecord] {
        var filter = LedgerFilter()
        (filter.id, filter.direction) = (id, direction)
        return try await list(filter, after: nil, limit: 100)
    }

    package func first(_ id: ConsignmentID, _ direction: Direction) async throws -> ConsignmentRecord? {
        try await all(id, direction).first
    }
}
