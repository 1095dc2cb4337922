internal import Folders
internal import Ledger
internal import Vocabulary

// After a restored backup, files that were sent already may lie in outbox/ or work/ again.

extension Sending {
    /// Why a file from before the restoration waits for a person; nil if it may go.
    func sentBefore(_ weighed: WeighedFile) async throws -> Finding? {
        let standstill = office.barrier.standstill
        guard let recoveredAt = standstill.recoveredAt,
            weighed.facts.stamp.modified <= recoveredAt.milliseconds * 1_000_000
        else { return nil }
        let claimed = weighed.claimed
        if let twin = try await twin(of: weighed) {
            let when = twin.deliveredAt.map(Notes.moment) ?? "an unknown day"
            return Self.finding(
                "This very file went to \(claimed.partner) as \(twin.key.id) on \(when), before our ledger was restored.",
                "waybill reject it, unless they shall have it twice: then waybill release it.")
        }
        guard standstill.silent.contains(claimed.partner) else { return nil }
        return Self.finding(
            "This file is from before our ledger was restored, and \(claimed.partner) cannot be asked what it has had.",
            "Ask them by telephone; then waybill release or waybill reject it.")
    }

    private func twin(of weighed: WeighedFile) async throws -> ConsignmentRecord? {
        var filter = LedgerFilter()
        (filter.sha256, filter.partner, filter.direction) = (weighed.sha256, weighed.claimed.partner, .sent)
        filter.states = [.delivered, .recalled]
        for record in try await office.ledger.list(filter, after: nil, limit: 50)
        where record.route == weighed.claimed.route {
            let kinds = Set(try await office.ledger.events(of: record.key).map(\.leaf.kind))
            if kinds.contains(.sentBefore) { return record }
        }
        return nil
    }

    private static func finding(_ found: String, _ fix: String) -> Finding {
        Finding(rule: "R-090", citation: "UK GDPR Art 5(1)(c), (f)", found: found, fix: fix)
    }
}
