internal import Policy
internal import Vocabulary

/// `agreement:` of a case: how the agreement differs that day from the one that is loaded.
struct AgreementChanges: Hashable, Sendable {
    enum Part: String, CaseIterable {
        case policyDocument = "appropriate-policy-document"
        case dpia, retention, accuracy
    }

    var without: [Part] = []
    var from: CalendarDate?
    var to: CalendarDate?
    var reviewBy: CalendarDate?
    var documentReviewBy: CalendarDate?
    var dpiaReviewBy: CalendarDate?
    /// Rows that are added, or stand instead of the row of the same party.
    var parties: [Agreement.Party] = []
    var unsigned: [AgencyID] = []
    var purposes: [String]?
    var subjects: Route.Subjects?
    var lawEnforcement: Bool?
    var contentCheck: Route.ContentCheck?

    static func read(_ row: Section) -> AgreementChanges {
        var changes = AgreementChanges()
        guard let section = row.section("agreement") else { return changes }
        changes.without = parts(section)
        (changes.from, changes.to) = (section.date("from"), section.date("to"))
        changes.reviewBy = section.date("review-by")
        changes.documentReviewBy = section.date("policy-document-review-by")
        changes.dpiaReviewBy = section.date("dpia-review-by")
        changes.parties = (section.list("parties") ?? []).compactMap { PartyRow.read($0, section) }
        changes.unsigned = section.agencies("not-signed") ?? []
        changes.purposes = section.ids("purposes")
        changes.subjects = section.choice("subjects")
        changes.lawEnforcement = section.flag("law-enforcement")
        changes.contentCheck = section.choice("content-check")
        section.end()
        return changes
    }

    private static func parts(_ section: Section) -> [Part] {
        (section.ids("without") ?? []).compactMap { id in
            if let part = Part(rawValue: id) { return part }
            section.log.error(
                "\"\(section.path("without"))\" holds \"\(id)\", which is none of them",
                hint: "known here: " + Part.allCases.map(\.rawValue).joined(separator: ", "),
                at: section.mark(of: "without"))
            return nil
        }
    }

    /// The agreement as it is with these changes, and those to a route.
    func applied(to loaded: Agreement, route name: RouteName) -> Agreement {
        var agreement = Agreement(
            loaded.pinned, validFrom: from ?? loaded.validFrom, parties: parties(of: loaded),
            purposes: purposes ?? loaded.purposes,
            routes: loaded.routes.map { $0.name == name ? applied(to: $0) : $0 })
        agreement.reviewBy = reviewBy ?? loaded.reviewBy
        agreement.validTo = to ?? loaded.validTo
        agreement.policyDocument = without.contains(.policyDocument) ? nil : loaded.policyDocument
        if let documentReviewBy, let document = agreement.policyDocument {
            agreement.policyDocument = .init(id: document.id, sha256: document.sha256, reviewBy: documentReviewBy)
        }
        agreement.dpia = without.contains(.dpia) ? nil : loaded.dpia
        if let dpiaReviewBy, let dpia = agreement.dpia {
            agreement.dpia = .init(id: dpia.id, reviewBy: dpiaReviewBy)
        }
        return agreement
    }

    private func parties(of loaded: Agreement) -> [Agreement.Party] {
        let replaced = Set(parties.map(\.id) + unsigned)
        return loaded.parties.filter { !replaced.contains($0.id) } + parties
    }

    private func applied(to loaded: Route) -> Route {
        var route = loaded
        if without.contains(.retention) { route.retention = nil }
        if without.contains(.accuracy) { (route.accuracy, route.nature, route.isCurrent) = (nil, nil, false) }
        Assign.set(subjects, &route.subjects)
        Assign.set(lawEnforcement, &route.lawEnforcement)
        Assign.set(contentCheck, &route.contentCheck)
        return route
    }
}
