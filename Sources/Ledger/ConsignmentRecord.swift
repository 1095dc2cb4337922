package import Vocabulary

/// Which way a consignment goes, seen from this agency.
package enum Direction: String, Sendable, CaseIterable {
    case sent, received
}

/// Names a consignment in our ledger. A partner may send an id that another partner or we have used: all three count.
package struct ConsignmentKey: Hashable, Sendable {
    package let direction: Direction
    package let partner: AgencyID
    package let id: ConsignmentID

    package init(_ direction: Direction, _ partner: AgencyID, _ id: ConsignmentID) {
        self.direction = direction
        self.partner = partner
        self.id = id
    }
}

/// Where a consignment stands. See README, What is on disk when.
package enum ConsignmentState: String, Sendable, CaseIterable {
    // Sending, open.
    case claimed, signed, dispatching
    // Sending, waiting for a person.
    case held, blocked
    // Sending, ended.
    case delivered, refused, withdrawn, recalled, rejected, lost
    // Receiving: open, then `delivered` or `refused` or `withdrawn`.
    case publishing

    /// States in which something is still to be done by the daemon.
    package static let open: Set<ConsignmentState> = [.claimed, .signed, .dispatching, .publishing]
}

/// One consignment as lists and queries show it: a projection of its events, erasable, rebuilt from them if need be.
package struct ConsignmentRecord: Hashable, Sendable {
    package var key: ConsignmentKey
    package var state: ConsignmentState
    package var route: RouteName
    /// True file name; nil once erased.
    package var name: String?
    package var size: Int64
    package var sha256: Digest?
    /// SHA-256 of the waybill JSON.
    package var waybill: Digest?
    package var purpose: String
    package var categories: [String]
    /// Every id of the basis in one list: Article 6, gateways, Article 9, schedules.
    package var basis: [String]
    /// `id@version`.
    package var agreement: String
    /// Pseudonymous case references.
    package var cases: [String]
    package var claimedAt: Instant?
    package var sentAt: Instant?
    package var deliveredAt: Instant?
    /// SHA-256 of the receipt as signed.
    package var receiptSHA256: Digest?
    /// Sending: `BATCH/NAME` below `work/PARTNER/ROUTE`. Receiving: the name in the inbox. Nil once erased.
    package var place: String?
    /// Receiving: `device:inode` of the staged file, so that a restart knows it again.
    package var inode: String?
    /// Why it is held, refused or waiting: findings as JSON, or a sentence.
    package var why: String?
    /// Under which regime *we* process it, `uk-gdpr` or `dpa-part-3`; empty where there is no label. Rows under Part 3
    /// are for the four uses of DPA 2018 s.62(4) only.
    package var regime = ""
    /// It was sent as an emergency.
    package var isEmergency = false
    /// `route`, or `person:<account>` who released it.
    package var decidedBy = ""
    /// The consignment that this one takes the place of.
    package var supersedes: ConsignmentID?
    /// When its details were erased. What a later event says of it changes the state alone: the rest stays blank.
    package var erasedAt: Instant?

    package init(
        key: ConsignmentKey, state: ConsignmentState, route: RouteName, name: String?, size: Int64 = 0,
        sha256: Digest? = nil, waybill: Digest? = nil, purpose: String = "", categories: [String] = [],
        basis: [String] = [], agreement: String = "", cases: [String] = [], claimedAt: Instant? = nil,
        sentAt: Instant? = nil, deliveredAt: Instant? = nil, receiptSHA256: Digest? = nil, place: String? = nil,
        inode: String? = nil, why: String? = nil
    ) {
        self.key = key
        self.state = state
        self.route = route
        self.name = name
        self.size = size
        self.sha256 = sha256
        self.waybill = waybill
        self.purpose = purpose
        self.categories = categories
        self.basis = basis
        self.agreement = agreement
        self.cases = cases
        self.claimedAt = claimedAt
        self.sentAt = sentAt
        self.deliveredAt = deliveredAt
        self.receiptSHA256 = receiptSHA256
        self.place = place
        self.inode = inode
        self.why = why
    }
}

/// What `waybill ledger list` can ask. All given conditions must hold.
package struct LedgerFilter: Hashable, Sendable {
    package var partner: AgencyID?
    package var direction: Direction?
    package var states: Set<ConsignmentState>?
    /// By `claimedAt` (sent) or first sight (received), inclusive.
    package var since: Instant?
    /// Exclusive.
    package var until: Instant?
    package var caseReference: String?
    package var sha256: Digest?
    /// SQLite GLOB over the true name, byte for byte.
    package var name: String?
    /// The same as people type it: without case, and composed or not (`SafeName.clashKey` of both).
    package var likeName: String?
    package var id: ConsignmentID?
    /// Those that take the place of this consignment.
    package var supersedes: ConsignmentID?

    package init() {}
}
