import Testing
import Vocabulary

@Suite struct LaterStatementTests {
    private static func statement(
        _ kind: LaterStatement.Kind, because: String = "Wrong family.", replacement: ConsignmentID? = nil
    ) throws -> LaterStatement {
        let receipt = try Example.receipt()
        return LaterStatement(
            kind, consignment: receipt.consignment, waybill: receipt.waybill, parties: receipt.parties,
            because: Self.reason(kind, because),
            replacement: kind == .correction ? replacement ?? receipt.consignment : replacement,
            moment: kind == .handover || kind == .uncollected ? receipt.signedAt : nil, signedAt: receipt.signedAt)
    }

    private static func reason(_ kind: LaterStatement.Kind, _ because: String) -> String {
        switch kind {
        case .handover: LaterStatement.Collection.moved.rawValue
        case .uncollected: ""
        default: because
        }
    }

    @Test("every kind reads back as it was written", arguments: LaterStatement.Kind.allCases)
    func roundTrip(_ kind: LaterStatement.Kind) throws {
        let statement = try Self.statement(kind)
        #expect(try LaterStatement(parsing: statement.encoded) == statement)
    }

    @Test(
        "the sender issues recalls and corrections, the recipient the answers", arguments: LaterStatement.Kind.allCases)
    func issuer(_ kind: LaterStatement.Kind) throws {
        let statement = try Self.statement(kind)
        let isSenders = kind == .recall || kind == .correction
        #expect(statement.issuer == (isSenders ? statement.parties.from : statement.parties.to))
        let text = String(decoding: statement.encoded, as: UTF8.self)
        let other = isSenders ? statement.parties.to : statement.parties.from
        let forged = text.replacing(#""issuer":"\#(statement.issuer)""#, with: #""issuer":"\#(other)""#)
        #expect(forged != text)
        #expect(throws: Malformed.self) { try LaterStatement(parsing: Array(forged.utf8)) }
    }

    @Test("a correction names what takes the place, and nothing else does")
    func replacement() throws {
        let receipt = try Example.receipt()
        let recall = try Self.statement(.recall, replacement: receipt.consignment)
        #expect(throws: Malformed.self) { try LaterStatement(parsing: recall.encoded) }
        let statement = try Self.statement(.correction, replacement: receipt.consignment)
        let correction = String(decoding: statement.encoded, as: UTF8.self)
        let without = correction.replacing(#""replacement":"\#(receipt.consignment)","#, with: "")
        #expect(without != correction)
        #expect(throws: Malformed.self) { try LaterStatement(parsing: Array(without.utf8)) }
    }

    @Test("a reason of more than 2,000 bytes and a kind that nobody knows are refused")
    func bounds() throws {
        let long = try Self.statement(.recall, because: String(repeating: "x", count: 2001))
        #expect(throws: Malformed.self) { try LaterStatement(parsing: long.encoded) }
        let text = String(decoding: try Self.statement(.recall).encoded, as: UTF8.self)
        let unknown = text.replacing("recall/v1", with: "recall/v2")
        #expect(throws: Malformed.self) { try LaterStatement(parsing: Array(unknown.utf8)) }
    }

    @Test("a withdrawal is none of these, and none of these is a withdrawal")
    func others() throws {
        #expect(throws: Malformed.self) { try Withdrawal(parsing: Self.statement(.recall).encoded) }
    }
}

@Suite struct LabelMemberTests {
    @Test("every member of a label reads back as it was written")
    func full() throws {
        var label = try Example.waybill().label
        label.basis.confidentiality = "health-professional"
        label.basis.consent = "kept in the file, withdrawn by letter"
        label.basis.incapacity = "physically"
        label.basis.request = "REQ-7"
        label.basis.lawEnforcement = "prevention"
        label.basis.transfer = "UKG-45A"
        label.basis.authority = "order of the family court of 3 May"
        label.accuracy = "as recorded by the duty team"
        label.asOf = try CalendarDate("2026-11-20")
        label.nature = "both"
        label.collection = Label.Collection(purpose: "pu-3.2", compatibility: "8A-3-a")
        label.attestation = Label.Attestation(principles: ["lawfulness", "fairness"], because: "asked by the panel")
        label.subjects = [
            .init(ref: "TS-1042", role: "child", informed: .init(status: "yes", on: try CalendarDate("2026-11-01"))),
            .init(ref: "TS-1043", role: "parent", informed: .init(status: "exempt", ground: "14-5-f")),
        ]
        label.suggested = ["sc-health"]
        #expect(try Label(label.json) == label)
    }

    @Test("a label without the new members has the bytes that it always had")
    func same() throws {
        let text = try Example.waybill().label.json.text
        for name in ["asOf", "nature", "collection", "attestation", "authority", "confidentiality", "transfer"] {
            #expect(!text.contains("\"\(name)\""))
        }
    }
}
