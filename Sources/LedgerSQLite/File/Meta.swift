internal import GRDB
internal import Ledger
internal import Vocabulary

/// Whose ledger a file is, written once when it is made.
enum Meta {
    static func origin(_ db: Database) throws -> LedgerOrigin? {
        var values: [String: String] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT name, value FROM meta") {
            values[try row.text("name")] = try row.text("value")
        }
        guard let agency = values["agency"], let identity = values["identity"], let ledger = values["ledger"] else {
            return nil
        }
        return try LedgerOrigin(agency: AgencyID(agency), identity: Fingerprint(hex: identity), ledger: ledger)
    }

    static func write(_ origin: LedgerOrigin, _ sealed: SealedTables) throws {
        let values = ["agency": origin.agency.text, "identity": origin.identity.hex, "ledger": origin.ledger]
        for (name, value) in values { try sealed.put([name, value], in: .meta) }
    }

    /// The ledger goes on under another UUID; the checkpoint kept for readers was the old one's.
    static func rename(_ ledger: String, _ sealed: SealedTables) throws {
        try sealed.put(["ledger", ledger], in: .meta)
        try sealed.remove([1], from: .checkpoint)
    }

    /// A random UUID (RFC 9562 version 4) from at least sixteen random bytes.
    static func newLedgerID(_ random: [UInt8]) -> String {
        var bytes = Array(random.prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let hex = Array(Hex.encode(bytes).utf8)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: hex[$0], as: UTF8.self) }
            .joined(separator: "-")
    }
}
