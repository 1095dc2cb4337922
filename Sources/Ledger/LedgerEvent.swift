package import Vocabulary

/// What kind of thing happened. The words stand in leaves for ever: add, never rename.
package enum EventKind: String, Sendable, CaseIterable {
    // Sending.
    case claimed, weighed, released, held, blocked, rejected, signed, dispatching
    case delivered, refused, withdrawn, recalled
    /// An open consignment whose file is gone and whose partner knows nothing of it.
    case lost
    // Receiving. `received` carries our receipt, `declined` our refusal, `abandoned` a sender's withdrawal.
    case publishing, received, declined, abandoned
    // The agency itself.
    /// A later statement about a consignment: `said` is ours, `heard` is the partner's, verified.
    case said, heard
    /// A duty was opened, changed or closed by itself, not as part of another event.
    case duty
    case opened, partnerAdded = "partner-added", partnerRemoved = "partner-removed"
    /// A newer card: the partner's, or ours where the leaf names no partner. The statement is the card as signed.
    case cardChanged = "card-changed"
    /// Exchange with a partner ended at once, because a person no longer trusts it.
    case partnerRevoked = "partner-revoked"
    case incident
    /// After a restored backup: this ledger goes on under a new UUID, and what is between is lost here.
    case epoch
    /// A consignment that a restored ledger did not know, as the partner proved it: our waybill, their waybill.
    case sentBefore = "sent-before", receivedBefore = "received-before"
    /// Details were erased, by schedule or by request; names the leaves.
    case erased

    /// Those that carry the waybill, and those that carry the recipient's receipt or refusal.
    package static let waybills: Set<EventKind> = [.signed, .publishing, .sentBefore, .receivedBefore]
    package static let answers: Set<EventKind> = [.delivered, .received, .refused, .declined]
}

/// What happened, in full: facts as canonical JSON and, where there is one, the signed statement verbatim.
///
/// Detail is kept apart from the leaf and may be erased. Its bytes are the JSON, one line feed, then the statement's DER
/// (nothing if there is none), so that `head -n 1` and `tail -c` take them apart.
package struct EventDetail: Hashable, Sendable {
    package let facts: JSON
    package let statement: [UInt8]
    /// Those that `facts` carries, where they were put in and not read: they need not be read again.
    private let carried: [Duty]?

    package init(_ facts: [String: JSON], statement: [UInt8] = []) {
        self.init(.object(facts), statement, carried: nil)
    }

    private init(_ facts: JSON, _ statement: [UInt8], carried: [Duty]?) {
        (self.facts, self.statement, self.carried) = (facts, statement, carried)
    }

    /// By what is stored.
    package static func == (a: Self, b: Self) -> Bool { a.facts == b.facts && a.statement == b.statement }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(facts)
        hasher.combine(statement)
    }

    /// An event that opens or changes duties carries them, as they stand after it, under the member `duties`.
    package init(_ facts: [String: JSON], duties: [Duty], statement: [UInt8] = []) {
        var facts = facts
        if !duties.isEmpty { facts["duties"] = .array(duties.map(\.json)) }
        self.init(.object(facts), statement, carried: duties.isEmpty ? nil : duties)
    }

    /// What `duties` says; empty for almost every event.
    package var duties: [Duty] {
        get throws(Malformed) {
            if let carried { return carried }
            guard case .object(let members) = facts, case .array(let items)? = members["duties"] else { return [] }
            var duties: [Duty] = []
            for item in items { duties.append(try Duty(item)) }
            return duties
        }
    }

    package var bytes: [UInt8] { facts.encoded + [0x0a] + statement }

    package init(parsing bytes: [UInt8]) throws(Malformed) {
        guard let end = bytes.firstIndex(of: 0x0a) else { throw Malformed("event detail", "has no line feed") }
        facts = try JSON(kept: Array(bytes[..<end]))
        statement = Array(bytes[(end + 1)...])
        carried = nil
    }
}

/// An event about to be appended.
package struct NewEvent: Sendable {
    package let at: Instant
    package let kind: EventKind
    package let consignment: ConsignmentID?
    package let partner: AgencyID?
    package let detail: EventDetail
    /// The consignment's row as it stands after this event; written in the same commit.
    package let record: ConsignmentRecord?

    package init(
        at: Instant, kind: EventKind, consignment: ConsignmentID?, partner: AgencyID?, detail: EventDetail,
        record: ConsignmentRecord? = nil
    ) {
        self.at = at
        self.kind = kind
        self.consignment = consignment
        self.partner = partner
        self.detail = detail
        self.record = record
    }
}

/// An event as it stands in the ledger.
package struct StoredEvent: Hashable, Sendable {
    /// Counts from 0 and is the leaf's index in the tree.
    package let seq: Int64
    package let leaf: Leaf
    /// 32 bytes; nil once the detail has been erased.
    package let salt: [UInt8]?
    /// `EventDetail.bytes`; nil once erased.
    package let detail: [UInt8]?

    package init(seq: Int64, leaf: Leaf, salt: [UInt8]?, detail: [UInt8]?) {
        self.seq = seq
        self.leaf = leaf
        self.salt = salt
        self.detail = detail
    }
}

/// The part of an event that is never erased: seven lines of ASCII, each ended by a line feed, hashed verbatim.
///
///     waybill-leaf/v1
///     42                                      seq
///     2026-11-22T10:55:42.123Z                at
///     delivered                               kind
///     0199...                                 consignment id, or -
///     cleveland-police                        partner, or -
///     9f86d0...                               commitment: HMAC-SHA-256(salt, detail), hex
package struct Leaf: Hashable, Sendable {
    package static let header = "waybill-leaf/v1"
    package let bytes: [UInt8]
    package let seq: Int64
    package let at: Instant
    package let kind: EventKind
    package let consignment: ConsignmentID?
    package let partner: AgencyID?
    package let commitment: Digest

    package init(
        seq: Int64, at: Instant, kind: EventKind, consignment: ConsignmentID?, partner: AgencyID?, commitment: Digest
    ) {
        self.seq = seq
        self.at = at
        self.kind = kind
        self.consignment = consignment
        self.partner = partner
        self.commitment = commitment
        let texts = [
            Self.header, String(seq), at.description, kind.rawValue, consignment?.text ?? "-", partner?.text ?? "-",
            commitment.hex,
        ]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(224)
        for text in texts {
            bytes.append(contentsOf: text.utf8)
            bytes.append(0x0a)
        }
        self.bytes = bytes
    }

    /// The same leaf at another place: only its second line changes, so the rest can be written ahead of the commit.
    package func moved(to seq: Int64) -> Leaf { Leaf(self, at: seq) }

    private init(_ leaf: Leaf, at seq: Int64) {
        let head = Self.header.utf8.count + 1
        bytes = leaf.bytes[..<head] + Array(String(seq).utf8) + leaf.bytes[(head + String(leaf.seq).utf8.count)...]
        self.seq = seq
        (at, kind, consignment, partner) = (leaf.at, leaf.kind, leaf.consignment, leaf.partner)
        commitment = leaf.commitment
    }

    package init(parsing bytes: [UInt8]) throws(Malformed) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        guard lines.count == 8, lines[0] == Self.header, lines[7].isEmpty, let seq = Int64(lines[1]) else {
            throw Malformed("ledger leaf", "must be seven lines of version 1")
        }
        guard let kind = EventKind(rawValue: lines[3]) else { throw Malformed("ledger leaf", "unknown kind") }
        self.init(
            seq: seq, at: try Instant(lines[2]), kind: kind,
            consignment: lines[4] == "-" ? nil : try ConsignmentID(lines[4]),
            partner: lines[5] == "-" ? nil : try AgencyID(lines[5]), commitment: try Digest(hex: lines[6]))
        guard self.bytes == bytes else { throw Malformed("ledger leaf", "is not in the one spelling") }
    }
}
