@testable import Envelope
import Testing
import Vocabulary

/// Times stand in every certificate and signature, and are read before anything is verified.
@Suite struct HostileTimeTests {
    @Test(
        "fourteen bytes that are fewer characters are no time",
        arguments: ["25\r\n01000000Z", "250101000\u{301}0Z", "2501010000\r\nZ", "25010100000\u{0}Z", "+50101000000Z"])
    func characters(_ text: String) throws {
        #expect(text.utf8.count == 13)
        var reader = DERReader(DER.element(DER.utcTime, Array(text.utf8)))
        #expect(throws: NotDER.self) { try DERTime.read(&reader) }
    }

    @Test("a certificate whose date holds a line end is no certificate")
    func certificate() throws {
        var der = try Agency().identity.der
        let time = try #require(der.indices.first { der[$0...].starts(with: [DER.utcTime, 13]) })
        der.replaceSubrange((time + 6)..<(time + 8), with: "\r\n".utf8)
        #expect(throws: EnvelopeError.certificate(.malformed)) { try Certificate(der: der) }
    }
}
