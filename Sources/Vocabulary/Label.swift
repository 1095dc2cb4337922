/// Categories, lawful basis, purpose, agreement and handling of one file, together or not at all.
///
/// The words inside are ids of the dated catalogue, never an enumeration here: law is data. Empty lists and absent
/// fields are left out of the JSON.
package struct Label: Hashable, Sendable {
    package var agreement: Pinned
    package var route: RouteName
    package var catalogue: Pinned
    package var purpose: String
    package var categories: [String]
    package var basis: Basis
    package var necessity: String
    /// `referral`, `assessment`, `record`, `meeting` or `other` (protocol 3.1).
    package var origin: String
    package var subjects: [Subject]
    package var handling: Handling
    /// What the recipient needs to judge accuracy and currency (UK GDPR 5(1)(d); DPA 2018 s.38(5)(b)).
    package var accuracy: String?
    /// The day that the information is of, which is not the day on which it is sent.
    package var asOf: CalendarDate?
    /// `fact`, `opinion` or `both` (DPA 2018 s.38(2): facts are told from personal assessments).
    package var nature: String?
    /// Where the information was collected for another purpose (UK GDPR 8A).
    package var collection: Collection?
    /// For categories outside the protocol's lists (protocol 2.4): what a person answers for.
    package var attestation: Attestation?
    package var retention: Retention?
    package var emergency: Emergency?
    /// Categories that the content check suggested: kinds only, never the matched text.
    package var suggested: [String]
    /// `route`, or `person:<account>`.
    package var decidedBy: String

    package init(
        agreement: Pinned, route: RouteName, catalogue: Pinned, purpose: String, categories: [String], basis: Basis,
        necessity: String, origin: String = "record", subjects: [Subject] = [], handling: Handling = Handling(),
        accuracy: String? = nil, retention: Retention? = nil, emergency: Emergency? = nil, suggested: [String] = [],
        decidedBy: String = "route"
    ) {
        self.agreement = agreement
        self.route = route
        self.catalogue = catalogue
        self.purpose = purpose
        self.categories = categories
        self.basis = basis
        self.necessity = necessity
        self.origin = origin
        self.subjects = subjects
        self.handling = handling
        self.accuracy = accuracy
        self.retention = retention
        self.emergency = emergency
        self.suggested = suggested
        self.decidedBy = decidedBy
    }

    /// A document named by id, version and the SHA-256 of its bytes on the day of the decision.
    package struct Pinned: Hashable, Sendable {
        /// Empty for the catalogue, of which there is one.
        package var id: String
        package var version: String
        package var sha256: Digest

        package init(id: String, version: String, sha256: Digest) {
            self.id = id
            self.version = version
            self.sha256 = sha256
        }
    }

    /// The lawful basis: ids of the catalogue, such as `A6-1-e`, `CA89-47`, `A9-2-g`, `S1-18`.
    package struct Basis: Hashable, Sendable {
        /// `uk-gdpr` or `dpa-part-3`.
        package var regime: String
        package var article6: [String]
        package var gateways: [String]
        package var article9: [String]
        package var schedule1: [String]
        package var schedule8: [String]
        /// Schedule 1 paragraph 18(1)(d): why consent is not sought, `a`, `b` or `c`.
        package var reason: String?
        /// UK GDPR 9(3), DPA 2018 s.11(1), for Article 9(2)(h): `health-professional`, `social-work-professional` or
        /// `duty-of-confidentiality`.
        package var confidentiality: String?
        /// Where the evidence of consent is kept and how it is withdrawn (UK GDPR 7).
        package var consent: String?
        /// Why the subject cannot consent, `physically` or `legally` (UK GDPR 9(2)(c)).
        package var incapacity: String?
        /// Reference of the stored request by another's public task (UK GDPR Annex 1 para 1).
        package var request: String?
        /// Which purpose of DPA 2018 s.31, for Part 3.
        package var lawEnforcement: String?
        /// How data may leave the United Kingdom (UK GDPR 45A-49A), for recipients outside it.
        package var transfer: String?
        /// What lifts a statutory bar for this disclosure: a court's order, a consent, an exception of the Act.
        package var authority: String?

        package init(
            regime: String = "uk-gdpr", article6: [String] = [], gateways: [String] = [], article9: [String] = [],
            schedule1: [String] = [], schedule8: [String] = [], reason: String? = nil
        ) {
            self.regime = regime
            self.article6 = article6
            self.gateways = gateways
            self.article9 = article9
            self.schedule1 = schedule1
            self.schedule8 = schedule8
            self.reason = reason
        }
    }

    /// One person whom the file is about, by a pseudonymous case reference.
    package struct Subject: Hashable, Sendable {
        package var ref: String
        package var role: String
        package var informed: Informed?

        package init(ref: String, role: String, informed: Informed? = nil) {
            self.ref = ref
            self.role = role
            self.informed = informed
        }
    }

    /// What the sender says about UK GDPR Article 14.
    package struct Informed: Hashable, Sendable {
        /// `yes`, `no` or `exempt`.
        package var status: String
        package var on: CalendarDate?
        package var ground: String?

        package init(status: String, on: CalendarDate? = nil, ground: String? = nil) {
            self.status = status
            self.on = on
            self.ground = ground
        }
    }

    /// Why the information was collected, and why the new purpose is compatible with it.
    package struct Collection: Hashable, Sendable {
        /// An id of the catalogue's purposes, or a word of the sender.
        package var purpose: String
        package var compatibility: String?

        package init(purpose: String, compatibility: String? = nil) {
            self.purpose = purpose
            self.compatibility = compatibility
        }
    }

    /// Protocol 2.4(a): the principles that a person has checked, by their words, and why the data are needed.
    package struct Attestation: Hashable, Sendable {
        package var principles: [String]
        package var because: String

        package init(principles: [String], because: String) {
            self.principles = principles
            self.because = because
        }
    }

    package struct Handling: Hashable, Sendable {
        package var classification: String
        package var caveats: [String]

        package init(classification: String = "OFFICIAL", caveats: [String] = []) {
            self.classification = classification
            self.caveats = caveats
        }
    }

    package struct Retention: Hashable, Sendable {
        package var `class`: String
        package var reviewBy: CalendarDate?

        package init(class: String, reviewBy: CalendarDate? = nil) {
            self.class = `class`
            self.reviewBy = reviewBy
        }
    }

    /// An emergency never waits; it is reviewed afterwards.
    package struct Emergency: Hashable, Sendable {
        package var reason: String
        package var reviewBy: Instant

        package init(reason: String, reviewBy: Instant) {
            self.reason = reason
            self.reviewBy = reviewBy
        }
    }
}
