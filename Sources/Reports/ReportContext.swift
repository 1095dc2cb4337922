internal import Ledger
package import Policy
package import Vocabulary

/// What is the same for every row of a report: who we are, the words of the law, the agreements, the reader's wishes.
package struct ReportContext: Sendable {
    package var we: AgencyID
    package var ourName: String
    /// Our address, and who our data protection officer is and how to reach them.
    package var contact: String?
    package var dataProtectionOfficer: String?
    package var catalogue: Catalogue
    /// By `id@version`, as records name them.
    package var agreements: [String: AgreementFacts] = [:]
    /// The day of the report.
    package var today: CalendarDate
    /// True file names are shown where the reader asks for them.
    package var withNames = false
    package var use: LogUse?

    package init(we: AgencyID, ourName: String, catalogue: Catalogue, today: CalendarDate) {
        self.we = we
        self.ourName = ourName
        self.catalogue = catalogue
        self.today = today
    }

    func name(of agency: AgencyID) -> String {
        if agency == we { return ourName }
        return catalogue.organisation(agency).map { "\($0.name) (\(agency))" } ?? agency.text
    }

    func from(_ row: ReportRow) -> AgencyID { row.sent ? we : row.record.key.partner }
    func to(_ row: ReportRow) -> AgencyID { row.sent ? row.record.key.partner : we }
    func agreement(_ row: ReportRow) -> AgreementFacts? { agreements[row.record.agreement] }

    /// What an id meant on that day, with the id behind it.
    func words(_ id: String, _ kinds: [CatalogueEntry.Kind], on day: CalendarDate?) -> String {
        guard let row = entry(id, kinds, on: day ?? today) else { return id }
        let text = row.label == row.citation || row.citation.isEmpty ? row.label : "\(row.label), \(row.citation)"
        return "\(text) (\(id))"
    }

    /// Whether or not it was in force: a report tells what was relied on.
    private func entry(_ id: String, _ kinds: [CatalogueEntry.Kind], on day: CalendarDate) -> CatalogueEntry? {
        for kind in kinds {
            switch catalogue.standing(id, kind, on: day) {
            case .inForce(let entry), .notYet(let entry), .ended(let entry), .notCommenced(let entry): return entry
            case .unknown: continue
            }
        }
        return nil
    }

    func words(_ ids: [String], _ kinds: [CatalogueEntry.Kind], on day: CalendarDate?) -> [String] {
        ids.map { words($0, kinds, on: day) }
    }
}

/// What an agreement says that no label carries.
package struct AgreementFacts: Hashable, Sendable {
    package var title: String?
    package var reviewBy: CalendarDate?
    /// Reference and outcome of the data protection impact assessment.
    package var dpia: String?
    /// What the data protection officer said.
    package var dpoViews: String?
    /// Partners are controllers each for itself unless an agreement makes them joint (UK GDPR 26).
    package var joint = false
    package var policyDocument: Agreement.PolicyDocument?
    /// How people exercise their rights.
    package var rights: String?
    /// Security beyond what Waybill itself does.
    package var security: String?

    package init() {}

    package init(_ agreement: Agreement) {
        title = agreement.title
        reviewBy = agreement.reviewBy
        policyDocument = agreement.policyDocument
        dpia = agreement.dpia.map { "\($0.id)\($0.reviewBy.map { ", review by \($0)" } ?? "")" }
    }
}

enum CatalogueKinds {
    static let categories: [CatalogueEntry.Kind] = [.personalCategory, .specialCategory, .criminal]
    static let gateways: [CatalogueEntry.Kind] = [.gateway, .annex1]
    static let conditions: [CatalogueEntry.Kind] = [.article9, .schedule1, .schedule8]
    static let all = CatalogueEntry.Kind.allCases
}
