import Testing
import Vocabulary

/// What the recipient says about a file being collected: strict in every member.
@Suite struct CollectionStatementTests {
    private static func statement(
        _ kind: LaterStatement.Kind, because: String = "", moment: Int64? = nil
    ) throws -> LaterStatement {
        let receipt = try Example.receipt()
        return LaterStatement(
            kind, consignment: receipt.consignment, waybill: receipt.waybill, parties: receipt.parties,
            because: because, moment: moment.map { receipt.signedAt.adding(seconds: $0) }, signedAt: receipt.signedAt)
    }

    private static func refused(_ statement: LaterStatement, _ old: String, _ new: String) throws {
        let text = String(decoding: statement.encoded, as: UTF8.self)
        let changed = text.replacing(old, with: new)
        try #require(changed != text)
        #expect(throws: Malformed.self) { try LaterStatement(parsing: Array(changed.utf8)) }
    }

    @Test("a handover says how the kernel saw it, in one of three words", arguments: LaterStatement.Collection.allCases)
    func handover(_ word: LaterStatement.Collection) throws {
        let statement = try Self.statement(.handover, because: word.rawValue, moment: -5)
        #expect(try LaterStatement(parsing: statement.encoded) == statement)
        let text = String(decoding: statement.encoded, as: UTF8.self)
        #expect(text.contains(#""event":"http://uri.etsi.org/19522/Event/ContentHandover""#))
        #expect(text.contains(#""collectedAt":""#))
        try Self.refused(statement, #""because":"\#(word.rawValue)""#, #""because":"stolen""#)
        try Self.refused(statement, #""because":"\#(word.rawValue)""#, #""because":"""#)
        try Self.refused(statement, #""because":"\#(word.rawValue)","#, "")
    }

    @Test("a handover without its moment, or with one after its signing, is refused")
    func moment() throws {
        #expect(throws: Malformed.self) {
            try LaterStatement(parsing: Self.statement(.handover, because: "moved").encoded)
        }
        #expect(throws: Malformed.self) {
            try LaterStatement(parsing: Self.statement(.handover, because: "moved", moment: 1).encoded)
        }
        let other = try Self.statement(.handover, because: "moved", moment: -5)
        try Self.refused(other, "collectedAt", "receivedAt")
    }

    @Test("an acceptance may leave its reason out, and has then one spelling only")
    func acceptance() throws {
        for because in ["", "Filed under the case."] {
            let statement = try Self.statement(.acceptance, because: because)
            #expect(try LaterStatement(parsing: statement.encoded) == statement)
        }
        let plain = try Self.statement(.acceptance)
        #expect(!String(decoding: plain.encoded, as: UTF8.self).contains("because"))
        try Self.refused(plain, #"{"consignment""#, #"{"because":"","consignment""#)
        try Self.refused(plain, "ConsignmentAcceptance", "ConsignmentRejection")
    }

    @Test("an uncollected one says since when it has lain there, and gives no reason")
    func uncollected() throws {
        let statement = try Self.statement(.uncollected, moment: -30 * 86_400)
        #expect(try LaterStatement(parsing: statement.encoded) == statement)
        #expect(statement.issuer == statement.parties.to)
        try Self.refused(statement, #"{"consignment""#, #"{"because":"late","consignment""#)
        #expect(throws: Malformed.self) { try LaterStatement(parsing: Self.statement(.uncollected).encoded) }
    }

    @Test("the earlier kinds have the bytes that they always had, and take no new member")
    func unchanged() throws {
        let recall = try Self.statement(.recall, because: "Wrong family.", moment: -5)
        let text = String(decoding: recall.encoded, as: UTF8.self)
        for name in ["event", "collectedAt", "receivedAt"] { #expect(!text.contains("\"\(name)\"")) }
        let event = #""event":"http://uri.etsi.org/19522/Event/ContentHandover","from""#
        try Self.refused(recall, #""from""#, event)
    }
}
