internal import Exchange
internal import Folders
internal import Law
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Reports
internal import Settings
internal import Vocabulary

/// Gathers from the ledger what `find` and `report` tell: one row a consignment, newest first, in bounded memory.
struct ReportGatherer {
    let context: ReportContext
    private let ledger: LedgerAtHand

    /// - Parameters:
    ///   - use: for which of the four uses of DPA 2018 s.62(4), so that rows under Part 3 are told too.
    ///   - names: true file names are told.
    init(_ premises: InstalledAgency, use: LogUse?, names: Bool) throws {
        let law = try LawFiles.load(premises.folders)
        var context = ReportContext(
            we: premises.settings.agency, ourName: premises.settings.name, catalogue: law.catalogue,
            today: WallClock.now().londonDate)
        let facts = law.agreements.map { ("\($0.id)@\($0.version)", AgreementFacts($0)) }
        context.agreements = Dictionary(facts) { first, _ in first }
        (context.use, context.withNames) = (use, names)
        self.context = context
        ledger = try LedgerAtHand(premises)
    }

    /// Every consignment that fits and on which something has been decided.
    func each(_ filter: LedgerFilter, _ body: (ReportRow) throws -> Void) async throws {
        try await ledger.each(filter) { record in
            if let row = try await row(record) { try body(row) }
            return true
        }
    }

    private func row(_ record: ConsignmentRecord) async throws -> ReportRow? {
        let events = try await ledger.reader.events(of: record.key)
        let story = DecisionStory(History(record: record, events: events))
        guard let decision = story.decision else { return nil }
        var filter = DutyFilter()
        filter.consignment = record.key
        var row = ReportRow(
            record: story.told, label: story.label, waybill: story.waybill, decision: decision)
        row.duties = try await ledger.reader.duties(filter, limit: .max)
        row.supersededBy = try await successors(of: record.key)
        row.later = try events.statements([.said, .heard]).compactMap { LaterWord($0)?.statement }
        return row
    }

    /// Newer versions go the same way between the same two.
    private func successors(of key: ConsignmentKey) async throws -> [ConsignmentID] {
        var filter = LedgerFilter()
        (filter.supersedes, filter.direction, filter.partner) = (key.id, key.direction, key.partner)
        return try await ledger.all(filter).map(\.key.id)
    }
}

/// The days of a report, in England, both taken in whole. A consignment belongs to the day on which it was dropped or
/// first seen.
struct ReportPeriod: Hashable {
    let first: CalendarDate
    let last: CalendarDate

    var filter: LedgerFilter {
        var filter = LedgerFilter()
        (filter.since, filter.until) = (first.startInLondon, last.endInLondon)
        return filter
    }
}
