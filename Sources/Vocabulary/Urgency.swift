/// Whether what a task does is for an urgent file (protocol 4.2: nothing may stand in an emergency's way).
///
/// A task and all that it begins carry it along. Threads for blocking calls, and the road to a partner, then give it a
/// turn of its own, in front of which no other file can stand.
package enum Urgency {
    @TaskLocal package static var isUrgent = false

    /// Does `body` in front of everybody who is not urgent.
    package static func first<Result>(
        _ isUrgent: Bool = true, _ body: () async throws -> Result
    ) async rethrows -> Result {
        guard isUrgent, !Self.isUrgent else { return try await body() }
        return try await $isUrgent.withValue(true) { try await body() }
    }
}
