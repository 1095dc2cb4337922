internal import Exchange
internal import Ledger
internal import Transport
internal import Vocabulary

/// What we know of our exchange with a partner who lost its record: signed statements, one after another.
///
///     waybill, receipt or refusal, later statements of either side | the next consignment | ...
///
/// Newest first. A page holds at most 4 MiB and 500 consignments; an empty one is the end.
struct ExchangedPage: Sendable {
    static let mostLater = 100
    static let most = 500
    static let mostBytes = 4 << 20
    /// What was claimed so long before may have been delivered since.
    private static let longestUnderWay: Int64 = 30 * 86_400

    let agency: Agency

    /// - Parameter after: the last consignment of the page before.
    func bytes(with peer: AgencyID, since: Instant, after: ConsignmentID?) async throws -> [UInt8] {
        var filter = LedgerFilter()
        filter.partner = peer
        filter.since = since.adding(seconds: -Self.longestUnderWay)
        var last: ConsignmentKey?
        if let after { last = try await key(of: after, peer) }
        var (page, count): ([UInt8], Int) = ([], 0)
        while true {
            let records = try await agency.ledger.list(filter, after: last, limit: 100)
            for record in records where record.lastMoment >= since {
                let story = try await story(of: record.key)
                guard count < Self.most, page.count + story.count <= Self.mostBytes else { return page }
                page += story
                count += story.isEmpty ? 0 : 1
            }
            guard records.count == 100, let end = records.last else { return page }
            last = end.key
        }
    }

    private func key(of id: ConsignmentID, _ peer: AgencyID) async throws -> ConsignmentKey {
        for direction in Direction.allCases {
            let key = ConsignmentKey(direction, peer, id)
            if try await agency.ledger.record(key) != nil { return key }
        }
        throw Problem(.malformed, "The page goes on after a consignment that was never exchanged.")
    }

    /// Nothing, unless it came to a receipt or refusal: what is open goes on by itself.
    private func story(of key: ConsignmentKey) async throws -> [UInt8] {
        let events = try await agency.ledger.events(of: key)
        let waybills = try events.statements(EventKind.waybills)
        let answers = try events.statements(EventKind.answers)
        guard let waybill = waybills.last, let answer = answers.last else { return [] }
        let later = try events.statements([.said, .heard, .recalled]).prefix(Self.mostLater)
        return waybill.bytes + answer.bytes + later.flatMap(\.bytes)
    }
}

extension ConsignmentRecord {
    /// When something happened to it last, as far as its row tells.
    var lastMoment: Instant { [claimedAt, sentAt, deliveredAt].compactMap { $0 }.max() ?? Instant(seconds: 0) }
}
