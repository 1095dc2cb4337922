package import Vocabulary

/// One sharing, as the rules see it: who, to whom, under what label, on which day. Everything a rule may look at.
package struct Share: Sendable {
    package let label: Label
    package let sides: Sides
    package let terms: Terms
    /// The day in England.
    package let date: CalendarDate
    package let here: Here

    /// Who sends, and to whom.
    package struct Sides: Hashable, Sendable {
        package let sender: AgencyID
        package let recipient: AgencyID

        package init(from sender: AgencyID, to recipient: AgencyID) {
            (self.sender, self.recipient) = (sender, recipient)
        }
    }

    /// What it is judged by.
    package struct Terms: Sendable {
        /// Nil where the agreement named by the label is not known here.
        package let agreement: Agreement?
        package let catalogue: Catalogue

        package init(_ agreement: Agreement?, _ catalogue: Catalogue) {
            (self.agreement, self.catalogue) = (agreement, catalogue)
        }

        /// Of these agreements the very file that the label pins, else any version of it.
        package init(of label: Label, among agreements: [Agreement], _ catalogue: Catalogue) {
            let pinned = agreements.first { $0.pinned == label.agreement }
            self.init(pinned ?? agreements.first { $0.id == label.agreement.id }, catalogue)
        }
    }

    /// What only the sender's own installation knows.
    package struct Here: Hashable, Sendable {
        /// What the sender is by its settings.
        package var offices: Set<Office> = []
        /// Who has a folder here; nil where nobody knows, as in a file of cases.
        package var partners: Set<AgencyID>?

        package init(offices: Set<Office> = [], partners: Set<AgencyID>? = nil) {
            (self.offices, self.partners) = (offices, partners)
        }
    }

    /// An office that some law binds and the catalogue of organisations does not hold.
    package enum Office: String, Hashable, Sendable, CaseIterable {
        /// Holds a licence under the Human Fertilisation and Embryology Act 1990, whose s.33A binds its people.
        case licensedFertilityCentre = "licensed-fertility-centre"
    }

    package init(_ label: Label, _ sides: Sides, under terms: Terms, at now: Instant, here: Here = Here()) {
        self.label = label
        self.sides = sides
        self.terms = terms
        date = now.londonDate
        self.here = here
    }
}

extension Share {
    package var agreement: Agreement? { terms.agreement }
    package var catalogue: Catalogue { terms.catalogue }
    package var sender: AgencyID { sides.sender }
    package var recipient: AgencyID { sides.recipient }

    static let categoryKinds: [CatalogueEntry.Kind] = [
        .personalCategory, .specialCategory, .criminal, .otherCategory,
    ]
    /// Annex 1 conditions stand among the gateways of a label.
    static let gatewayKinds: [CatalogueEntry.Kind] = [.gateway, .annex1]

    /// DPA 2018 Part 3 has tags of its own; all else is under the UK GDPR.
    var isPart3: Bool { label.basis.regime == Regime.part3.rawValue }

    /// Of a special category, whether or not it may be relied on today: data do not become harmless by a date.
    var special: [String] { label.categories.filter { catalogue.knows($0, .specialCategory) } }
    var criminal: [String] { label.categories.filter { catalogue.knows($0, .criminal) } }

    /// The entries among `ids` that may be relied on today.
    func inForce(_ ids: [String], _ kind: CatalogueEntry.Kind) -> [CatalogueEntry] {
        ids.compactMap { catalogue.entry($0, kind, on: date) }
    }

    var article6: [CatalogueEntry] { inForce(label.basis.article6, .article6) }
    var article9: [CatalogueEntry] { inForce(label.basis.article9, .article9) }
    var schedule1: [CatalogueEntry] { inForce(label.basis.schedule1, .schedule1) }
    var schedule8: [CatalogueEntry] { inForce(label.basis.schedule8, .schedule8) }
    var gateways: [CatalogueEntry] { inForce(label.basis.gateways, .gateway) }
    var annex1: [CatalogueEntry] { inForce(label.basis.gateways, .annex1) }

    var purpose: CatalogueEntry? { catalogue.entry(label.purpose, .purpose, on: date) }
    /// The purpose and those that it is part of.
    var purposes: [CatalogueEntry] {
        inForce(catalogue.lineage(ofPurpose: label.purpose, on: date), .purpose)
    }
    /// Which of the purposes of s.31, if the label names one in force.
    var lawEnforcementPurpose: CatalogueEntry? {
        label.basis.lawEnforcement.flatMap { catalogue.entry($0, .lawEnforcement, on: date) }
    }
    var route: Route? { agreement?.route(label.route) }

    func competence(of agency: AgencyID) -> Organisation.Part3 { catalogue.organisation(agency)?.part3 ?? .no }

    /// `health information (sc-health)`: what a reader knows first, the id for whoever mends it.
    func named(_ ids: [String], _ kinds: [CatalogueEntry.Kind]) -> String {
        ids.map { id in
            guard case .inForce(let entry) = catalogue.standing(id, of: kinds, on: date) else { return id }
            return entry.named
        }.listed
    }
}

extension CatalogueEntry {
    var named: String { "\(label) (\(id))" }
}

extension [CatalogueEntry] {
    var listed: String { map(\.named).listed }
}

extension String? {
    /// Somebody wrote something. A single word is an evasion where a reason is asked for.
    func hasWords(_ count: Int = 1) -> Bool {
        guard let self else { return false }
        return self.split(whereSeparator: \.isWhitespace).count >= count
    }
}
