import Testing
import Vocabulary

@Suite struct StatementTests {
    @Test("a waybill reads back as it was written")
    func waybill() throws {
        let waybill = try Example.waybill()
        #expect(try Waybill(parsing: waybill.encoded) == waybill)
        #expect(try Waybill(parsing: waybill.encoded).encoded == waybill.encoded)
    }

    @Test("a receipt, a refusal and a withdrawal read back as they were written")
    func others() throws {
        let receipt = try Example.receipt()
        #expect(try Receipt(parsing: receipt.encoded) == receipt)
        let refusal = Refusal(
            consignment: receipt.consignment, waybill: receipt.waybill, parties: receipt.parties, reason: .policy,
            explanation: "No agreement.", signedAt: receipt.signedAt)
        #expect(try Refusal(parsing: refusal.encoded) == refusal)
        let withdrawal = Withdrawal(
            consignment: receipt.consignment, waybill: receipt.waybill, parties: receipt.parties, because: "changed",
            signedAt: receipt.signedAt)
        #expect(try Withdrawal(parsing: withdrawal.encoded) == withdrawal)
    }

    @Test("one kind of statement never passes as another")
    func kinds() throws {
        let receipt = try Example.receipt().encoded
        #expect(throws: Malformed.self) { try Waybill(parsing: receipt) }
        #expect(throws: Malformed.self) { try Refusal(parsing: receipt) }
        #expect(throws: Malformed.self) { try Withdrawal(parsing: receipt) }
    }

    @Test(
        "a waybill with a changed member is refused",
        arguments: [
            (#""count":3"#, #""count":4"#), (#""size":1048576"#, #""size":1000000"#), ("waybill/v1", "waybill/v2"),
            (#""name":"minutes.pdf""#, #""name":"../minutes.pdf""#), (#""name":"minutes.pdf""#, #""name":"a\u0007b""#),
            (#""name":"minutes.pdf""#, #""name":""#), (#""name":"minutes.pdf""#, #""name":"..""#),
            (#""size":3000000}"#, #""size":-1}"#), (#""submittedBy":"#, #""submittedBx":"#),
            (#""mediaType":"application/pdf""#, #""mediaType":"a b""#),
        ])
    func changed(_ from: String, _ to: String) throws {
        let text = String(decoding: try Example.waybill().encoded, as: UTF8.self)
        let wrong = text.replacing(from, with: to)
        #expect(wrong != text)
        #expect(throws: Malformed.self) { try Waybill(parsing: Array(wrong.utf8)) }
    }

    @Test("a name of 300 bytes is refused")
    func longName() throws {
        #expect(throws: Malformed.self) {
            try FileDescription(
                name: String(repeating: "n", count: 300), size: 1, sha256: Example.digest(1), mediaType: "text/plain")
        }
    }

    @Test("only the recipient issues a receipt")
    func issuer() throws {
        let text = String(decoding: try Example.receipt().encoded, as: UTF8.self)
        let wrong = text.replacing(#""issuer":"cleveland-police""#, with: #""issuer":"stockton""#)
        #expect(throws: Malformed.self) { try Receipt(parsing: Array(wrong.utf8)) }
    }

    @Test("part counts follow from size", arguments: [(0, 0), (1, 1), (1 << 20, 1), (1 << 20 + 1, 2), (3 << 20, 3)])
    func parts(_ size: Int, _ count: Int) throws {
        #expect(try PartSize(bytes: 1 << 20).count(for: Int64(size)) == count)
    }

    @Test("the last part carries the rest")
    func lastPart() throws {
        let plan = try PartSize(bytes: 1 << 20)
        let size = Int64(2 << 20) + 5
        #expect(plan.length(of: 2, size: size) == 1 << 20)
        #expect(plan.length(of: 3, size: size) == 5)
    }

    @Test("part sizes are powers of two from 64 KiB to 16 MiB", arguments: [0, 1, 65_535, 100_000, 1 << 25, -1])
    func partSizes(_ bytes: Int) {
        #expect(throws: Malformed.self) { try PartSize(bytes: bytes) }
    }

    @Test("a card reads back, and lists are bounded")
    func card() throws {
        let card = try Example.card(certificates: 4)
        #expect(try Card(parsing: card.encoded) == card)
        #expect(throws: Malformed.self) { try Example.card(certificates: 41) }
    }

    @Test("a certificate in a card has one spelling: base64 with loose bits at its end is refused")
    func looseBits() throws {
        let card = String(decoding: try Example.card(certificates: 1).encoded, as: UTF8.self)
        let (text, loose) = (card.replacing("AQID", with: "AQ=="), card.replacing("AQID", with: "AR=="))
        #expect(throws: Never.self) { try Card(parsing: Array(text.utf8)) }
        #expect(throws: Malformed.self) { try Card(parsing: Array(loose.utf8)) }
        // One that was taken in before stays readable.
        #expect(try Card(kept: Array(loose.utf8)) == Card(kept: Array(text.utf8)))
    }
}

/// Invented agencies and files.
enum Example {
    static func digest(_ byte: UInt8) throws -> Digest { try Digest(Array(repeating: byte, count: 32)) }

    static func parties() throws -> Parties {
        Parties(
            from: try AgencyID("stockton"), to: try AgencyID("cleveland-police"), fromIdentity: try digest(1),
            toIdentity: try digest(2))
    }

    static func label() throws -> Label {
        let pinned = Label.Pinned(id: "tees-tier-2", version: "2026-04", sha256: try digest(3))
        var label = Label(
            agreement: pinned, route: try RouteName("strategy-meeting"),
            catalogue: Label.Pinned(id: "", version: "2026-11-22", sha256: try digest(4)), purpose: "pu-3.1",
            categories: ["pd-01", "sc-health"],
            basis: Label.Basis(
                article6: ["A6-1-e"], gateways: ["CA89-47"], article9: ["A9-2-g"], schedule1: ["S1-18"], reason: "b"),
            necessity: "Section 47 enquiry.")
        label.subjects = [Label.Subject(ref: "case-17", role: "child", informed: .init(status: "no"))]
        label.emergency = Label.Emergency(reason: "now", reviewBy: Instant(milliseconds: 1_763_895_342_000))
        label.retention = Label.Retention(class: "child-protection", reviewBy: try CalendarDate("2027-11-22"))
        label.handling.caveats = ["safe-address"]
        label.accuracy = "As told by the school."
        label.suggested = ["cr-offence"]
        return label
    }

    static func waybill(_ label: Label? = nil) throws -> Waybill {
        let now = Instant(milliseconds: 1_763_808_942_123)
        return Waybill(
            id: .make(at: now), parties: try parties(), signedAt: now, bind: try digest(9),
            file: try FileDescription(
                name: "minutes.pdf", size: 3_000_000, sha256: digest(5), mediaType: "application/pdf"),
            partSize: try PartSize(bytes: 1 << 20), label: try label ?? Self.label(), supersedes: .make(at: now),
            submittedBy: "desk-3")
    }

    static func receipt() throws -> Receipt {
        let waybill = try waybill()
        return Receipt(
            consignment: waybill.id, waybill: try digest(6), parties: waybill.parties, sha256: waybill.file.sha256,
            size: waybill.file.size, receivedAt: waybill.signedAt, signedAt: waybill.signedAt,
            checkpoint: "waybill/x\n1\nabc=\n\n— waybill/x abc=\n")
    }

    static func card(certificates: Int) throws -> Card {
        let now = Instant(milliseconds: 1_763_808_942_123)
        return try Card(
            id: AgencyID("stockton"), name: "Stockton-on-Tees Borough Council", address: "127.0.0.1:8443", serial: 1,
            previous: nil, issuedAt: now, validUntil: now.adding(seconds: 86_400),
            certificates: Array(repeating: Card.RoleCertificate(role: .tls, der: [1, 2, 3]), count: certificates),
            retired: [.init(fingerprint: digest(8), role: .signing, at: now, reason: "rotated")], versions: ["card/v1"])
    }
}
