package import Vocabulary

/// One word of law, with the dates between which it may be relied on. A word whose law changed has one entry per
/// period.
package struct CatalogueEntry: InForce, Hashable, Sendable {
    /// Which list of the catalogue an entry stands in; the raw value is the list's name in the file.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case personalCategory = "personal-categories"
        case specialCategory = "special-categories"
        case criminal = "criminal-offence-data"
        case article6 = "article-6"
        case article9 = "article-9"
        case schedule1 = "schedule-1"
        case schedule8 = "schedule-8"
        case annex1 = "annex-1"
        case purpose = "purposes"
        case gateway = "gateways"
        case article14Ground = "article-14-grounds"
        case article15Exemption = "article-15-only-exemptions"
        case duty = "duties"
        /// Outside the protocol's lists (protocol 2.4).
        case otherCategory = "other-categories"
        case handlingTag = "handling-tags"
        /// When the law lets a bar be passed; written under `basis.authority`.
        case barException = "bar-exceptions"
        /// How data may leave the United Kingdom.
        case transfer = "transfers"
        /// DPA 2018 s.31.
        case lawEnforcement = "law-enforcement-purposes"
        case regulator = "regulator"
        case change = "law-changes"
    }

    package enum Status: String, Hashable, Sendable, CaseIterable {
        case inForce = "in_force"
        case enactedNotInForce = "enacted_not_in_force"
        case ended
        /// Relied on, with a warning: nobody has read the source again.
        case unverified
    }

    /// Whether a Schedule 1 or 8 condition needs an appropriate policy document (DPA 2018 Sch 1 paras 5, 38-40; s.42).
    package enum PolicyDocument: String, Hashable, Sendable, CaseIterable {
        case required
        case notRequired = "not-required"
        /// Schedule 1 para 10(2): not when disclosing to a competent authority.
        case unlessToCompetentAuthority = "unless-to-competent-authority"
    }

    /// Whether it may be relied on, and between which days.
    package struct Force: Hashable, Sendable {
        package let status: Status
        package let validity: Validity

        package init(_ status: Status = .inForce, from first: CalendarDate? = nil, to last: CalendarDate? = nil) {
            (self.status, validity) = (status, Validity(from: first, to: last))
        }
    }

    package let id: String
    package let kind: Kind
    package let label: String
    package let citation: String
    package let status: Status
    package let validity: Validity
    package var facts = Facts()

    package init(id: String, kind: Kind, label: String, citation: String, force: Force = Force()) {
        self.id = id
        self.kind = kind
        self.label = label
        self.citation = citation
        status = force.status
        validity = force.validity
    }

    /// What only some kinds carry.
    package struct Facts: Hashable, Sendable {
        /// W3C Data Privacy Vocabulary terms, and how well they match: `exact`, `close` or `none`.
        package var iris: [String] = []
        package var match: String?
        /// Purposes nest, and so do categories that the protocol names in one breath.
        package var parent: String?
        package var inProtocol = false
        /// The protocol's own words, verbatim, where the label is a shorter name (protocol 4.1).
        package var protocolWords: [String] = []
        /// What goes with it. Article 6: `gateway`, `annex-1-condition`, `consent-evidence`, `balancing-test`. Article
        /// 9: `confidentiality`, `consent-evidence`, `incapacity`. Annex 1: `request`. Schedules 1 and 8: `no-consent`.
        package var requires: [String] = []
        /// Article 6: open to a public authority in the performance of its tasks (closing words of 6(1)).
        package var openToPublicAuthority = true
        /// Schedule 1: the part it stands in. Article 9: the part whose condition it needs (DPA 2018 s.10(2)-(3)).
        package var part: Int64?
        package var policyDocument: PolicyDocument?
        package var forSpecialCategory = false
        package var forCriminal = false
        /// Purposes: pseudonymised data should do.
        package var preferPseudonymised = false
        /// Handling tags: what follows, and the sentence that mends it.
        package var outcome: RuleEntry.Outcome?
        package var fix: String?
        /// Handling tags: the only senders whom the bar stops outright, in an emergency too; for others it holds.
        package var binds: Share.Office?
        /// Exceptions: the handling tags that they lift.
        package var lifts: [String] = []
        /// Article 14 grounds: a deferral that must be looked at again, and what must be recorded with it.
        package var temporary = false
        package var needs: [String] = []
        /// Changes of law: the words and organisations whose rows they changed.
        package var touches: [String] = []
        /// False where the citation has not been read again.
        package var verified = true
        package var note: String?

        package init() {}
    }
}
