import Testing
import Vocabulary

/// Two versions of a waybill: the one that says when its file was modified, and the one that cannot.
@Suite struct ModifiedTimeTests {
    private func waybill(_ modified: String?) throws -> Waybill {
        let plain = try Example.waybill()
        let file = try FileDescription(
            name: plain.file.name, size: plain.file.size, sha256: plain.file.sha256, mediaType: plain.file.mediaType,
            modified: modified.map { text throws(Malformed) in try Instant(text) })
        return Waybill(
            id: plain.id, parties: plain.parties, signedAt: plain.signedAt, bind: plain.bind, file: file,
            partSize: plain.partSize, label: plain.label, submittedBy: plain.submittedBy)
    }

    @Test("a waybill with the time is version 2 and reads back; without it, it is version 1, as before")
    func versions() throws {
        let dated = try waybill("2023-11-14T22:13:20.000Z")
        #expect(String(decoding: dated.encoded, as: UTF8.self).contains(#""statement":"waybill/v2""#))
        #expect(
            String(decoding: dated.encoded, as: UTF8.self).contains(#""modified":"2023-11-14T22:13:20.000Z","name""#))
        #expect(try Waybill(parsing: dated.encoded) == dated)
        let plain = try waybill(nil)
        #expect(String(decoding: plain.encoded, as: UTF8.self).contains(#""statement":"waybill/v1""#))
        #expect(!String(decoding: plain.encoded, as: UTF8.self).contains("modified"))
        #expect(try Waybill(parsing: plain.encoded) == plain)
    }

    @Test(
        "the member stands in version 2 and nowhere else, in the one spelling of a time",
        arguments: [
            ("waybill/v2", "waybill/v1"), ("waybill/v2", "waybill/v3"),
            (#""modified":"2023-11-14T22:13:20.000Z","#, ""),
            ("20.000Z", "20Z"), ("2023-11-14", "1969-11-14"), (#""2023-11-14T22:13:20.000Z""#, "1700000000"),
        ])
    func refused(good: String, bad: String) throws {
        let text = String(decoding: try waybill("2023-11-14T22:13:20.000Z").encoded, as: UTF8.self)
        let wrong = text.replacing(good, with: bad)
        #expect(wrong != text)
        #expect(throws: Malformed.self) { try Waybill(parsing: Array(wrong.utf8)) }
    }
}
