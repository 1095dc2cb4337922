import Testing
import Vocabulary

/// Every text of every statement and card, one by one, with what no text may hold.
@Suite struct HostileTextTests {
    /// Read from outside, and read as kept.
    struct Reader: Sendable {
        let parse: @Sendable ([UInt8]) throws -> [UInt8]
        let kept: @Sendable ([UInt8]) throws -> [UInt8]

        init<Content: SignedContent & SendableMetatype>(
            _ type: Content.Type, _ encode: @escaping @Sendable (Content) -> [UInt8]
        ) {
            parse = { encode(try Content(parsing: $0)) }
            kept = { encode(try Content(kept: $0)) }
        }
    }

    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let reader: Reader
        var testDescription: String { name }

        var texts: [TextPlace] {
            get throws { TextPlace.all(in: try JSON(kept: bytes)) }
        }
    }

    static func samples() throws -> [Sample] {
        let (receipt, later) = (try Example.receipt(), Reader(LaterStatement.self, \.encoded))
        let refusal = Refusal(
            consignment: receipt.consignment, waybill: receipt.waybill, parties: receipt.parties, reason: .policy,
            explanation: "No agreement.", signedAt: receipt.signedAt)
        let withdrawal = Withdrawal(
            consignment: receipt.consignment, waybill: receipt.waybill, parties: receipt.parties, because: "changed",
            signedAt: receipt.signedAt)
        return [
            Sample(name: "waybill/v1", bytes: try Full.waybill(isDated: false).encoded, reader: .waybill),
            Sample(name: "waybill/v2", bytes: try Full.waybill(isDated: true).encoded, reader: .waybill),
            Sample(name: "receipt/v1", bytes: receipt.encoded, reader: Reader(Receipt.self, \.encoded)),
            Sample(name: "refusal/v1", bytes: refusal.encoded, reader: Reader(Refusal.self, \.encoded)),
            Sample(name: "withdrawn/v1", bytes: withdrawal.encoded, reader: Reader(Withdrawal.self, \.encoded)),
            Sample(name: "card/v1", bytes: try Full.card().encoded, reader: Reader(Card.self, \.encoded)),
        ]
            + (try LaterStatement.Kind.allCases.map { kind in
                Sample(name: kind.rawValue, bytes: try Full.later(kind).encoded, reader: later)
            })
    }

    /// In no text of anybody.
    static let never: [Unicode.Scalar] = {
        let controls = Array(0...0x1f).filter { ![0x09, 0x0a, 0x0d].contains($0) } + Array(0x7f...0x9f)
        let others = [0x2028, 0x2029] + Array(0x202a...0x202e) + Array(0x2066...0x2069)
        let noncharacters = [0xfdd0, 0xfdef, 0xfffe, 0xffff, 0x1fffe, 0x10ffff]
        return (controls + others + noncharacters).compactMap { Unicode.Scalar(UInt32($0)) }
    }()

    @Test("no text of any statement or card holds a control character, wherever it stands", arguments: try samples())
    func never(_ sample: Sample) throws {
        for place in try sample.texts {
            let texts = Self.never.map { "a\($0)b" } + ["\u{0}", "\(place.text)\u{0}", "\u{202e}\(place.text)"]
            for text in texts {
                let bytes = place.replaced(by: text).encoded
                guard let taken = try? sample.reader.parse(bytes) else { continue }
                // No file stays behind for a sign in its name that every inbox replaces; then it comes back as it came.
                let isName = place.description == ".file.name" && PlainText.fault(in: text, .fileName) == nil
                #expect(isName && taken == bytes, "\(place) takes \(text.debugDescription)")
            }
        }
    }

    @Test("what was let through before is read from our own ledger as it came, or not at all", arguments: try samples())
    func kept(_ sample: Sample) throws {
        for place in try sample.texts {
            for text in ["a\u{0}b", "\u{202e}a", "a\u{1b}[2J"] + ["a\nb", "a\tb", "a\r\nb"] {
                let bytes = place.replaced(by: text).encoded
                guard let again = try? sample.reader.kept(bytes) else { continue }
                #expect(again == bytes, "\(place)")
            }
        }
    }

    @Test("line ends and tabs stand in a person's words and nowhere else", arguments: try samples())
    func lines(_ sample: Sample) throws {
        for place in try sample.texts {
            let isWords = StatementText.bound(of: place.member).shape == .lines
            for text in ["a\nb", "a\tb", "a\r\nb"] {
                let bytes = place.replaced(by: text).encoded
                let again = try? sample.reader.parse(bytes)
                if !isWords { #expect(again == nil, "\(place)") } else if let again { #expect(again == bytes) }
            }
            #expect(throws: Malformed.self) { try sample.reader.parse(place.replaced(by: "a\rb").encoded) }
            #expect(throws: Malformed.self) { try sample.reader.parse(place.replaced(by: "a\r").encoded) }
        }
    }

    @Test("lone surrogates are no text in any spelling", arguments: try samples())
    func surrogates(_ sample: Sample) throws {
        let spellings: [[UInt8]] = [
            Array(#"\ud800"#.utf8), Array(#"\udfff"#.utf8), Array(#"\ud83d\ude00"#.utf8), [0xed, 0xa0, 0x80],
            [0xed, 0xbf, 0xbf],
        ]
        for place in try sample.texts {
            let (bytes, at) = try place.marked()
            for spelling in spellings {
                let wrong = bytes[..<at] + spelling + bytes[at...]
                #expect(throws: Malformed.self) { try sample.reader.parse(Array(wrong)) }
                #expect(throws: Malformed.self) { try sample.reader.kept(Array(wrong)) }
            }
        }
    }

    @Test("no text is longer than its bound, and none is a mebibyte long", arguments: try samples())
    func long(_ sample: Sample) throws {
        for place in try sample.texts {
            let (bytes, at) = try place.marked()
            for count in [StatementText.bound(of: place.member).bytes + 1, 1 << 20] {
                let long = bytes[..<at] + Array(repeating: UInt8(ascii: "x"), count: count) + bytes[at...]
                #expect(throws: Malformed.self, "\(place) of \(count) bytes") { try sample.reader.parse(Array(long)) }
            }
        }
    }

    @Test("somebody has thought of the bound of every text, and of none that there is not")
    func thoughtOf() throws {
        let members = Set(try Self.samples().flatMap { try $0.texts.map(\.member) })
        for member in members.sorted() { #expect(StatementText.knows(member), "no bound for \(member)") }
        for member in ["accuracy", "der", "lawEnforcement", "waybill"] { #expect(members.contains(member)) }
    }

    @Test("the samples have every member that there is: a new one must be added to them")
    func full() throws {
        try Full.require(Full.waybill(isDated: true), "waybill")
        try Full.require(Full.card(), "card")
        try Full.require(Example.receipt(), "receipt")
        let later = try LaterStatement.Kind.allCases.map(Full.later)
        #expect(later.contains { $0.replacement != nil } && later.contains { $0.moment != nil })
    }

    @Test("a label holds 16 KiB of text in 2,000 texts, and no more")
    func label() throws {
        func read(_ change: (inout Label) -> Void) throws -> Waybill {
            var label = try Example.waybill().label
            change(&label)
            return try Waybill(parsing: Example.waybill(label).encoded)
        }
        // Of 30 bytes each, and so many that they and what else stands there are just too much, or just not.
        let others = try TextPlace.all(in: Example.waybill().label.json).map(\.text.utf8.count).reduce(0, +)
        let room = (16 * 1024 - others) / 30
        let ids = Array(repeating: String(repeating: "c", count: 30), count: room + 1)
        _ = try read { $0.categories += ids.dropLast() }
        #expect(throws: Malformed("label", "holds more than 16 KiB of text")) { try read { $0.categories += ids } }
        #expect(throws: Malformed("label", "holds more than 2000 texts")) {
            try read { $0.categories += Array(repeating: "", count: 2001) }
        }
    }

    @Test("a message about a text names the member, the character and its place, and nothing of the text")
    func words() throws {
        let text = String(decoding: try Example.waybill().encoded, as: UTF8.self)
        let wrong = text.replacing(#""pu-3.1""#, with: #""pu-\u00073.1""#)
        #expect(throws: Malformed("purpose", "holds a control character (U+0007, code point 4)")) {
            try Waybill(parsing: Array(wrong.utf8))
        }
        let strange = Array(#"{"Maisie":"a\u0000"}"#.utf8)
        #expect(throws: Malformed("a text", "holds a control character (U+0000, code point 2)")) {
            try JSON(parsing: strange)
        }
    }

    @Test("names of members are plain as well, and requests and answers too")
    func names() {
        for text in [#"{"a\u0000":1}"#, "{\"\u{202e}a\":1}", "{\"\(String(repeating: "n", count: 65))\":1}"] {
            #expect(throws: Malformed.self) { try JSON(parsing: Array(text.utf8)) }
            #expect(throws: Malformed.self) { try JSON(request: Array(text.utf8)) }
            #expect(throws: Never.self) { try JSON(kept: Array(text.utf8)) }
        }
        for scalar in Self.never {
            let bytes = JSON.object(["because": .string("a\(scalar)")]).encoded
            #expect(throws: Malformed.self) { try JSON(request: bytes) }
        }
    }

    @Test("what is marked is plain, and plain text stays as it is")
    func cleaned() {
        for scalar in Self.never {
            let marked = PlainText.cleaned("a\(scalar)b", .line, with: "_")
            #expect(marked == "a_b")
        }
        for text in ["", "Zoë", "İstanbul", "👩‍👧", "\u{200e}a", "日本"] {
            #expect(PlainText.cleaned(text, .line) == text)
        }
        #expect(PlainText.cleaned("a\r\nb\tc\rd", .lines) == "a\nb\tc\u{FFFD}d")
        #expect(PlainText.fault(in: PlainText.cleaned("a\r\nb\u{0}\rd", .lines), .lines) == nil)
    }
}

extension HostileTextTests.Reader {
    fileprivate static let waybill = HostileTextTests.Reader(Waybill.self, \.encoded)
}
