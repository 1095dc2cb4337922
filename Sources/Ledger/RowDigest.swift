package import Vocabulary

/// What an event says of the row that it leaves behind, so that nobody changes a row of the projection unseen.
///
///     "row": "s" or "r", then the first 32 hex digits of HMAC-SHA-256(row salt, the record's fields)
///
/// The letter is the record's direction: one id may be in use both ways. The row salt stays in the row and is in no
/// proof: whoever is shown the detail and its own salt learns nothing about `why`, `place` or `inode` by guessing. State
/// and stage are left out, because events without a record move them; the history tells them.
package enum RowDigest {
    /// The member of an event's facts.
    package static let member = "row"

    package static func of(_ record: ConsignmentRecord, salt: [UInt8], _ crypto: any LedgerCrypto) -> String {
        letter(record.key.direction) + crypto.hmac(key: salt, bytes(record)).hex.prefix(32)
    }

    /// What the facts say of a row of this direction; nil if nothing.
    package static func told(by facts: JSON, of direction: Direction) -> String? {
        guard case .object(let members) = facts, case .string(let text)? = members[member] else { return nil }
        return text.hasPrefix(letter(direction)) ? text : nil
    }

    private static func letter(_ direction: Direction) -> String { direction == .sent ? "s" : "r" }

    /// Each field as its length in four bytes, largest first, and its bytes; the length FFFFFFFF for nothing. Lists begin
    /// with their count, times are milliseconds since 1970 in decimal.
    private static func bytes(_ record: ConsignmentRecord) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(768)
        func add(length: Int) {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
        }
        func add(_ field: (some Collection<UInt8>)?) {
            add(length: field?.count ?? -1)
            if let field { bytes.append(contentsOf: field) }
        }
        func add(_ list: [String]) {
            add(length: list.count)
            for text in list { add(text.utf8) }
        }
        for text in [record.key.direction.rawValue, record.key.partner.text, record.route.text] { add(text.utf8) }
        add(record.key.id.bytes)
        for digest in [record.sha256, record.waybill, record.receiptSHA256] { add(digest?.bytes) }
        for list in [record.categories, record.basis, record.cases] { add(list) }
        for time in [record.claimedAt, record.sentAt, record.deliveredAt] {
            add(time.map { String($0.milliseconds).utf8 })
        }
        for text in [record.name, record.place, record.inode, record.why] { add(text?.utf8) }
        for text in [record.purpose, record.agreement, record.regime, record.decidedBy] { add(text.utf8) }
        add(String(record.size).utf8)
        add([record.isEmergency ? 1 : 0] as [UInt8])
        add(record.supersedes?.bytes)
        return bytes
    }
}
