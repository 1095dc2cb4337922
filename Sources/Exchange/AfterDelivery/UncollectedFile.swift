internal import Ledger
internal import Vocabulary

/// One file that waits.
struct UncollectedFile: Sendable {
    let key: ConsignmentKey
    let duty: ConsignmentID
    let place: PublishedPlace
    let since: Instant
    /// It came as an emergency.
    let isUrgent: Bool
    /// The sender has been told that nobody collects it.
    var isTold: Bool
    /// Set until it stands in the ledger.
    var sighting: Sighting?
}

/// That it was collected, how and when.
struct Sighting: Hashable, Sendable {
    let how: LaterStatement.Collection
    let at: Instant
}
