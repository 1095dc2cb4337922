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

    /// Each field as its length in bytes, a colon and its UTF-8; `-` for nothing. Lists begin with their count.
    private static func bytes(_ record: ConsignmentRecord) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ text: String?) {
            guard let text else { return bytes.append(UInt8(ascii: "-")) }
            bytes += "\(text.utf8.count):".utf8
            bytes += text.utf8
        }
        func add(_ list: [String]) {
            add(String(list.count))
            for text in list { add(text) }
        }
        for text in [record.key.direction.rawValue, record.key.partner.text, record.key.id.text] { add(text) }
        for text in [record.route.text, record.name, String(record.size), record.purpose] { add(text) }
        for digest in [record.sha256, record.waybill, record.receiptSHA256] { add(digest?.hex) }
        for list in [record.categories, record.basis, record.cases] { add(list) }
        for time in [record.claimedAt, record.sentAt, record.deliveredAt] {
            add(time.map { String($0.milliseconds) })
        }
        for text in [record.agreement, record.place, record.inode, record.why, record.regime, record.decidedBy] {
            add(text)
        }
        add(String(record.isEmergency))
        add(record.supersedes?.text)
        return bytes
    }
}
