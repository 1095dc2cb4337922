package import Exchange
internal import Folders
internal import Ledger
package import Vocabulary

// After a restored backup, files that were sent already may lie in outbox/ or work/ again.

extension RollbackState {
    package func sentBefore(_ file: FileTwin) async throws -> Finding? {
        let standstill = standstill
        guard let recoveredAt = standstill.recoveredAt,
            file.modified <= recoveredAt.milliseconds * 1_000_000
        else { return nil }
        if let twin = try await twin(of: file) {
            let when = twin.deliveredAt.map(Notes.moment) ?? "an unknown day"
            return Self.finding(
                "This very file went to \(file.partner) as \(twin.key.id) on \(when), before our ledger was restored.",
                "waybill reject it, unless they shall have it twice: then waybill release it.")
        }
        guard standstill.silent.contains(file.partner) else { return nil }
        return Self.finding(
            "This file is from before our ledger was restored, and \(file.partner) cannot be asked what it has had.",
            "Ask them by telephone; then waybill release or waybill reject it.")
    }

    private func twin(of file: FileTwin) async throws -> ConsignmentRecord? {
        var filter = LedgerFilter()
        (filter.sha256, filter.partner, filter.direction) = (file.sha256, file.partner, .sent)
        filter.states = [.delivered, .recalled]
        for record in try await ledger.list(filter, after: nil, limit: 50)
        where record.route == file.route {
            let kinds = Set(try await ledger.events(of: record.key).map(\.leaf.kind))
            if kinds.contains(.sentBefore) { return record }
        }
        return nil
    }

    private static func finding(_ found: String, _ fix: String) -> Finding {
        Finding(rule: "R-090", citation: "UK GDPR Art 5(1)(c), (f)", found: found, fix: fix)
    }
}
