internal import Ledger
internal import Policy
internal import Vocabulary

/// What the rows of one line of the record of processing have in common: sets of the catalogue's words, and counts.
struct ProcessingEntry: Sendable {
    private(set) var purposes: Set<String> = []
    private(set) var roles: Set<String> = []
    private(set) var categories: Set<String> = []
    private(set) var transfers: Set<String> = []
    private(set) var retention: Set<String> = []
    private(set) var handling: Set<String> = []
    private(set) var article6: Set<String> = []
    private(set) var gateways: Set<String> = []
    private(set) var conditions: Set<String> = []
    private(set) var schedule8: Set<String> = []
    private(set) var lawEnforcement: Set<String> = []
    private(set) var count: Int64 = 0
    private(set) var withoutRetention: Int64 = 0
    private(set) var pastReview: Int64 = 0
    private(set) var first: Instant?
    private(set) var last: Instant?

    mutating func add(_ row: ReportRow, _ context: ReportContext) {
        count += 1
        note(row.record.sentAt ?? row.record.deliveredAt ?? row.record.claimedAt)
        purposes.insert(context.words(row.purpose, [.purpose], on: row.day))
        categories.formUnion(context.words(row.categories, CatalogueKinds.categories, on: row.day))
        roles.formUnion(row.label?.subjects.map(\.role) ?? [])
        noteRetention(row.label?.retention, context.today)
        guard let label = row.label else { return }
        handling.insert(label.handling.classification)
        if let id = label.basis.transfer { transfers.insert(context.words(id, [.transfer], on: row.day)) }
        add(label.basis, row.day, context)
    }

    private mutating func add(_ basis: Label.Basis, _ day: CalendarDate?, _ context: ReportContext) {
        article6.formUnion(context.words(basis.article6, [.article6], on: day))
        gateways.formUnion(context.words(basis.gateways, CatalogueKinds.gateways, on: day))
        conditions.formUnion(context.words(basis.article9 + basis.schedule1, CatalogueKinds.conditions, on: day))
        schedule8.formUnion(context.words(basis.schedule8, [.schedule8], on: day))
        if let id = basis.lawEnforcement { lawEnforcement.insert(context.words(id, [.lawEnforcement], on: day)) }
    }

    private mutating func note(_ time: Instant?) {
        guard let time else { return }
        first = min(first ?? time, time)
        last = max(last ?? time, time)
    }

    private mutating func noteRetention(_ kept: Label.Retention?, _ today: CalendarDate) {
        guard let kept else {
            withoutRetention += 1
            return
        }
        retention.insert(kept.class)
        if let day = kept.reviewBy, day < today { pastReview += 1 }
    }

    /// What Waybill can see of it. It moves files and does not erase the agency's own copies, and it says so.
    var retentionWords: String {
        if withoutRetention == 0, pastReview == 0 {
            return "as far as Waybill can see: each has a class, and no review date has passed"
        }
        var why: [String] = []
        if withoutRetention > 0 { why.append("\(withoutRetention) of \(count) without a retention class") }
        if pastReview > 0 { why.append("review date passed for \(pastReview) of \(count)") }
        return "not shown: \(why.joined(separator: "; ")); the keeper of each file must say whether it was reviewed"
    }
}
