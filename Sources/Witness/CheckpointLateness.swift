internal import Exchange
internal import Ledger
internal import Vocabulary

/// Says aloud when a partner has not countersigned for long although there was something to countersign.
struct CheckpointLateness: Sendable {
    let agency: Agency
    private static let patience: Int64 = 2 * 86_400

    static func alarm(_ partner: AgencyID) -> String { "witness/\(partner)/late" }

    func look(at partner: AgencyID) async {
        guard let late = try? await isLate(partner) else { return }
        agency.alarms.alarm(
            Self.alarm(partner),
            late
                ? """
                \(partner) has not countersigned our ledger for more than two days although files went to and fro. Nothing \
                waits for it, but until then only we vouch for our record. See: waybill ledger witness, waybill partner \
                test \(partner)
                """ : nil)
    }

    /// Something was exchanged more than two days ago, and nothing countersigned since.
    private func isLate(_ partner: AgencyID) async throws -> Bool {
        let newest = try await agency.ledger.newestCountersigned().first { $0.partner == partner }
        var filter = LedgerFilter()
        filter.partner = partner
        filter.states = [.delivered, .refused]
        filter.since = newest?.at
        filter.until = agency.clock.now().adding(seconds: -Self.patience)
        return try await !agency.ledger.list(filter, after: nil, limit: 1).isEmpty
    }
}
