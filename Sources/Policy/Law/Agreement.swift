package import Vocabulary

/// A dated, versioned sharing agreement: who, for what, and the routes that carry its labels.
package struct Agreement: Hashable, Sendable {
    package let id: String
    package let version: String
    /// SHA-256 of the file, which every label pins.
    package let sha256: Digest
    package var title: String?
    /// The agreement whose principles this one follows, such as `tier-1`.
    package var under: String?
    package let validFrom: CalendarDate
    package var validTo: CalendarDate?
    package var reviewBy: CalendarDate?
    package var parties: [Party]
    package var purposes: [String]
    package var policyDocument: PolicyDocument?
    /// The impact assessment of this systematic sharing.
    package var dpia: Assessment?
    package var routes: [Route]

    package init(
        _ pinned: Label.Pinned, validFrom: CalendarDate, parties: [Party] = [], purposes: [String] = [],
        routes: [Route] = []
    ) {
        (id, version, sha256) = (pinned.id, pinned.version, pinned.sha256)
        self.validFrom = validFrom
        self.parties = parties
        self.purposes = purposes
        self.routes = routes
    }

    package var pinned: Label.Pinned { Label.Pinned(id: id, version: version, sha256: sha256) }

    package func inForce(on date: CalendarDate) -> Bool { date.lies(from: validFrom, to: validTo) }

    package func route(_ name: RouteName) -> Route? { routes.first { $0.name == name } }

    /// An organisation that signed, and when it joined or left if not with the agreement itself.
    package struct Party: Hashable, Sendable {
        package let id: AgencyID
        package let signed: CalendarDate?
        /// Its last day.
        package let left: CalendarDate?

        package init(id: AgencyID, signed: CalendarDate? = nil, left: CalendarDate? = nil) {
            self.id = id
            self.signed = signed
            self.left = left
        }

        package func isParty(on date: CalendarDate) -> Bool { date.lies(from: signed, to: left) }
    }

    /// DPA 2018 Sch 1 paras 38-40: how the conditions are met and how long data is kept.
    package struct PolicyDocument: Hashable, Sendable {
        package let id: String
        package let sha256: Digest?
        package let reviewBy: CalendarDate?

        package init(id: String, sha256: Digest? = nil, reviewBy: CalendarDate? = nil) {
            self.id = id
            self.sha256 = sha256
            self.reviewBy = reviewBy
        }
    }

    /// UK GDPR Article 35, DPA 2018 s.64: a data protection impact assessment, by reference.
    package struct Assessment: Hashable, Sendable {
        package let id: String
        package let reviewBy: CalendarDate?

        package init(id: String, reviewBy: CalendarDate? = nil) {
            self.id = id
            self.reviewBy = reviewBy
        }
    }
}

extension [Agreement] {
    /// The one that applies on a day. Where two versions cover it, the newer `validFrom` wins: a new version
    /// supersedes the old one from its first day.
    package func inForce(_ id: String, on date: CalendarDate) -> Agreement? {
        filter { $0.id == id && $0.inForce(on: date) }.max { $0.validFrom < $1.validFrom }
    }
}
