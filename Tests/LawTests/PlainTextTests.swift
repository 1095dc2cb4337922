import Law
import Policy
import Testing
import Vocabulary

/// Every text that a person may write into a side-car, one by one, with what no text may hold.
@Suite struct PlainTextTests {
    /// Every key that takes text or ids.
    private static let lines = [
        "purpose: \"HERE\"", "categories: [\"HERE\"]", "necessity: \"HERE\"", "accuracy: \"HERE\"", "nature: \"HERE\"",
        "origin: \"HERE\"", "handling: { classification: \"HERE\" }", "handling: { caveats: [\"HERE\"] }",
        "basis: { consent: \"HERE\" }", "basis: { authority: \"HERE\" }", "basis: { request: \"HERE\" }",
        "basis: { transfer: \"HERE\" }", "basis: { article-6: [\"HERE\"] }", "basis: { law-enforcement: \"HERE\" }",
        "subjects: [{ ref: \"HERE\", role: child }]", "subjects: [{ ref: R-1, role: \"HERE\" }]",
        "subjects: [{ ref: R-1, role: child, informed: { status: exempt, ground: \"HERE\" } }]",
        "emergency: { reason: \"HERE\" }", "collection: { purpose: \"HERE\" }",
        "collection: { purpose: p, compatibility: \"HERE\" }",
        "attestation: { principles: [fairness], because: \"HERE\" }",
        "retention: { class: \"HERE\" }", "as-of: \"HERE\"",
        "supersedes: { consignment: 0199e2b0-0000-7000-8000-000000000000, because: \"HERE\" }", "\"HERE\": 1",
    ]

    private static let escapes: [String] = {
        let controls = Array(0...0x1f).filter { ![0x09, 0x0a, 0x0d].contains($0) } + Array(0x7f...0x9f)
        let escaped = controls.map { #"\x"# + ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        let others = ["2028", "2029", "202a", "202e", "2066", "2069", "fffe", "fdd0"].map { #"\u"# + $0 }
        return escaped + others + [#"\0"#, #"\N"#, #"\L"#, #"\P"#, #"\ud800"#, #"\uDFFF"#, #"a\rb"#]
    }()

    @Test("no text of a side-car holds a control character, and the message says where", arguments: lines)
    func sideCar(_ line: String) {
        for escape in Self.escapes {
            let text = line.replacing("HERE", with: "a\(escape)b") + "\n"
            let reading = SideCarReader.read(Array(text.utf8), file: "the side-car")
            #expect(reading.value == nil && !reading.errors.isEmpty, "\(line) with \(escape)")
            for error in reading.errors {
                #expect(PlainText.fault(in: error.description, .line) == nil, "\(line) with \(escape)")
            }
        }
        let long = line.replacing("HERE", with: String(repeating: "x", count: 1 << 20)) + "\n"
        #expect(SideCarReader.read(Array(long.utf8), file: "the side-car").value == nil)
    }

    @Test("several lines and tabs are a person's words", arguments: [#"a\nb"#, #"a\tb"#, #"a\r\nb"#])
    func words(_ escape: String) throws {
        let text = "necessity: \"\(escape)\"\n"
        #expect(try SideCarReader.read(Array(text.utf8), file: "the side-car").get().necessity != nil)
    }
}
