package import Vocabulary

/// An agency, an arrangement or a group that the catalogue knows. Others are added by configuration (protocol 3.2).
package struct Organisation: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable, CaseIterable {
        case current
        /// `validTo` says since when.
        case ended
        /// Known to be changing, or nobody has read the source again.
        case unverified
    }

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
    /// Where its place in the catalogue comes from.
    package var citation = ""
    package var status = Status.current
    package var validFrom: CalendarDate?
    /// The last day of its existence.
    package var validTo: CalendarDate?
    /// What it was and is called, oldest first; a later row wins where two cover a day.
    package var names: [DatedName] = []
    /// Who took over its work, and whose work it took over; the reader checks that both ends say so.
    package var successor: AgencyID?
    package var predecessors: [AgencyID] = []
    package var part3 = Part3.no
    package var part3Citation: String?
    /// Whether it is a public authority (DPA 2018 s.7); nil where that differs from member to member.
    package var publicAuthority: Bool?
    /// ISO 3166-1, two letters.
    package var country = "GB"
    /// The limb of Children Act 2004 s.11(1) that it falls under.
    package var section11: String?
    /// The controllers that stand behind an arrangement, which is not a legal person (Children Act 2004 s.16E).
    package var hostedBy: [AgencyID] = []
    package var members: [Membership] = []
    /// Anyone of this kind is a member; each member is its own controller.
    package var openGroup = false
    package var codes: [String: String] = [:]
    /// 1 to 21, in the order of the protocol.
    package var protocolLine: Int64?
    /// False where the row has not been read again in its source.
    package var verified = true
    package var note: String?

    package init(id: AgencyID, label: String?, name: String, kind: String) {
        self.id = id
        self.label = label
        self.name = name
        self.kind = kind
    }

    package func exists(on date: CalendarDate) -> Bool { date.lies(from: validFrom, to: validTo) }

    /// Its row says that it is gone, and its last day has passed.
    func hasEnded(before date: CalendarDate) -> Bool { status == .ended && (validTo.map { $0 < date } ?? false) }

    /// Many controllers under one name, and none itself: nothing can be agreed with it, and nobody can sign for it.
    package var isGroup: Bool { openGroup || !members.isEmpty }

    /// What it was called on a day.
    package func name(on date: CalendarDate) -> String {
        names.last { $0.verified && date.lies(from: $0.from, to: $0.to) }?.name ?? name
    }

    package func members(on date: CalendarDate) -> [AgencyID] {
        members.filter { date.lies(from: $0.from, to: $0.to) }.map(\.id)
    }

    /// A name, and the first and last day of its use where they are known.
    package struct DatedName: Hashable, Sendable {
        package let name: String
        package let from: CalendarDate?
        package let to: CalendarDate?
        package let verified: Bool

        package init(_ name: String, from: CalendarDate? = nil, to: CalendarDate? = nil, verified: Bool = true) {
            self.name = name
            self.from = from
            self.to = to
            self.verified = verified
        }
    }

    /// A member of a group, and its first and last day there.
    package struct Membership: Hashable, Sendable {
        package let id: AgencyID
        package let from: CalendarDate?
        package let to: CalendarDate?

        package init(_ id: AgencyID, from: CalendarDate? = nil, to: CalendarDate? = nil) {
            self.id = id
            self.from = from
            self.to = to
        }
    }
}
