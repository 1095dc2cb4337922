package import Vocabulary

/// An agency, an arrangement or a group that the catalogue knows. Others are added by configuration (protocol 3.2).
package struct Organisation: Hashable, Sendable {
    /// Whether it is a competent authority for law enforcement (DPA 2018 s.30, Sch 7).
    package enum Part3: String, Hashable, Sendable, CaseIterable {
        case yes, no
        /// For its own offence investigations only (s.30(1)(b)).
        case limited
    }

    package let id: AgencyID
    /// As the protocol writes it, verbatim; nil where the protocol does not name it.
    package let label: String?
    /// What it is called now.
    package let name: String
    package let kind: String
    package var status = "current"
    package var validFrom: CalendarDate?
    /// The last day of its existence.
    package var validTo: CalendarDate?
    package var successor: AgencyID?
    package var part3 = Part3.no
    package var part3Citation: String?
    /// The limb of Children Act 2004 s.11(1) that it falls under.
    package var section11: String?
    /// The controllers that stand behind an arrangement, which is not a legal person (Children Act 2004 s.16E).
    package var hostedBy: [AgencyID] = []
    package var members: [AgencyID] = []
    /// Anyone of this kind is a member; each member is its own controller.
    package var openGroup = false
    package var codes: [String: String] = [:]
    /// 1 to 21, in the order of the protocol.
    package var protocolLine: Int64?
    package var note: String?

    package init(id: AgencyID, label: String?, name: String, kind: String) {
        self.id = id
        self.label = label
        self.name = name
        self.kind = kind
    }

    package func exists(on date: CalendarDate) -> Bool {
        (validFrom.map { $0 <= date } ?? true) && (validTo.map { date <= $0 } ?? true)
    }
}
