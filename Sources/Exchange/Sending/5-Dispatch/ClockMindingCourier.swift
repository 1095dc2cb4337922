package import Transport
package import Vocabulary

/// A courier that names our own clock first, while it is in doubt, in whatever goes wrong: certificates that are not yet
/// valid, or no longer, say so of themselves and mean the clock.
package struct ClockMindingCourier: Courier {
    private let road: any Courier
    private let clock: OurClock

    package init(_ road: any Courier, clock: OurClock) { (self.road, self.clock) = (road, clock) }

    private func minded(_ why: TryLater) -> TryLater {
        guard why != .oneWay, let first = clock.first else { return why }
        return TryLater(why.reason, "\(first) \(why.explanation)", after: why.after)
    }

    private func minding<Answer>(
        _ ask: () async throws(TryLater) -> Answer
    ) async throws(TryLater) -> Answer {
        do { return try await ask() } catch { throw minded(error) }
    }

    package var batch: BatchBounds { road.batch }

    package func carry(_ batch: [Outgoing]) async -> [CarryEnd] {
        await road.carry(batch).map { end in
            guard case .answered(.tryLater(let why)) = end else { return end }
            return .answered(.tryLater(minded(why)))
        }
    }

    package func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] {
        await road.enquire(ids).map { answer in
            guard case .tryLater(let why) = answer else { return answer }
            return .tryLater(minded(why))
        }
    }

    package func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? {
        await road.post(statement: statement, about: id).map(minded)
    }

    package func fetchCard() async throws(TryLater) -> [UInt8] {
        try await minding { () throws(TryLater) in try await road.fetchCard() }
    }

    package func addCheckpoint(_ request: [UInt8]) async throws(TryLater) -> WitnessAnswer {
        try await minding { () throws(TryLater) in try await road.addCheckpoint(request) }
    }

    package func witnessedCheckpoint() async throws(TryLater) -> String? {
        try await minding { () throws(TryLater) in try await road.witnessedCheckpoint() }
    }

    package func exchanged(since: Instant, after: ConsignmentID?) async throws(TryLater) -> [UInt8] {
        try await minding { () throws(TryLater) in try await road.exchanged(since: since, after: after) }
    }

    package func settled(_ ids: [ConsignmentID]) async { await road.settled(ids) }
    package func renew() async { await road.renew() }
    package func shutdown() async { await road.shutdown() }
}
