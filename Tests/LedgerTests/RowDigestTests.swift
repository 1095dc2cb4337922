import Ledger
import Testing
import Vocabulary

/// What an event says of the row that it leaves behind.
@Suite struct RowDigestTests {
    private let crypto = TestCrypto()

    private func record() throws -> ConsignmentRecord {
        let at = Instant(seconds: 1_790_000_000)
        var record = ConsignmentRecord(
            key: ConsignmentKey(.sent, try AgencyID("harbour"), ConsignmentID.make(at: at)), state: .claimed,
            route: try RouteName("audit"), name: "a.pdf", size: 7, sha256: crypto.sha256([1]),
            waybill: crypto.sha256([2]), purpose: "audit", categories: ["health"], basis: ["gdpr-6-1-e"],
            agreement: "x@1", cases: ["CASE-1"], claimedAt: at, sentAt: at, deliveredAt: at,
            receiptSHA256: crypto.sha256([3]), place: "batch/a.pdf", inode: "1:2", why: "because")
        (record.regime, record.decidedBy, record.supersedes) = ("uk-gdpr", "route", ConsignmentID.make(at: at))
        return record
    }

    private static let changes: [@Sendable (inout ConsignmentRecord) throws -> Void] = [
        { $0.route = try RouteName("other") }, { $0.name = nil }, { $0.name = "b.pdf" }, { $0.size = 8 },
        { $0.sha256 = nil }, { $0.waybill = $0.sha256 }, { $0.purpose = "" }, { $0.categories = [] },
        { $0.basis.append("x") }, { $0.agreement = "x@2" }, { $0.cases = ["CASE-1", "CASE-2"] },
        { $0.claimedAt = nil }, { $0.sentAt = $0.sentAt?.adding(seconds: 1) }, { $0.deliveredAt = nil },
        { $0.receiptSHA256 = nil }, { $0.place = "x" }, { $0.inode = nil }, { $0.why = nil }, { $0.regime = "" },
        { $0.isEmergency = true }, { $0.decidedBy = "" }, { $0.supersedes = nil },
        { $0.key = ConsignmentKey(.sent, try AgencyID("other"), $0.key.id) },
        { $0.key = ConsignmentKey(.received, $0.key.partner, $0.key.id) },
        // What one field loses must not be another's gain.
        { ($0.purpose, $0.agreement) = ("auditx", "@1") },
        { ($0.categories, $0.basis) = ([], ["health", "gdpr-6-1-e"]) },
    ]

    @Test("every field counts, state aside", arguments: changes.indices)
    func everyField(number: Int) throws {
        let (salt, one) = ([UInt8](repeating: 5, count: 16), try record())
        var other = one
        try Self.changes[number](&other)
        #expect(RowDigest.of(one, salt: salt, crypto) != RowDigest.of(other, salt: salt, crypto))
        other = one
        other.state = .delivered
        #expect(RowDigest.of(one, salt: salt, crypto) == RowDigest.of(other, salt: salt, crypto))
        #expect(RowDigest.of(one, salt: [1] + salt.dropFirst(), crypto) != RowDigest.of(one, salt: salt, crypto))
    }

    @Test("an event with a record tells its row's digest and keeps the salt apart; one without tells nothing")
    func told() throws {
        let record = try record()
        let event = NewEvent(
            at: Instant(seconds: 1), kind: .claimed, consignment: record.key.id, partner: record.key.partner,
            detail: EventDetail(["a": .string("b")], statement: [9, 9]), record: record)
        let salted = SaltedEvent(event, crypto)
        let salt = try #require(salted.rowSalt)
        let detail = try EventDetail(parsing: salted.detail)
        #expect(detail.statement == [9, 9])
        #expect(RowDigest.told(by: detail.facts, of: .sent) == RowDigest.of(record, salt: salt, crypto))
        #expect(RowDigest.told(by: detail.facts, of: .received) == nil)
        #expect(salted.leaf(at: 0).commitment == crypto.hmac(key: salted.salt, salted.detail))
        let plain = SaltedEvent(
            NewEvent(at: event.at, kind: .opened, consignment: nil, partner: nil, detail: event.detail), crypto)
        #expect(plain.rowSalt == nil && plain.detail == event.detail.bytes)
    }
}
