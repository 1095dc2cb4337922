import Testing

@testable import Inspection

@Suite struct TextReaderTests {
    // MARK: Plain text

    @Test("UTF-8 comes through, and each byte that is none is read as Windows-1252")
    func mixedCharset() {
        let bytes = Array("Zoë ".utf8) + [0x93, 0x5A, 0x6F, 0xEB, 0x94, 0x20, 0xE2, 0x82, 0x20, 0xF0, 0x9F]
        #expect(text(LeafReader.plain(), bytes) == "Zoë “Zoë” â‚ ðŸ")
    }

    @Test("bytes that UTF-8 forbids are no characters of UTF-8: overlong forms, halves of pairs, beyond the last")
    func forbidden() {
        for bytes: [UInt8] in [
            [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
        ] {
            let read = text(LeafReader.plain(), bytes)
            #expect(read.unicodeScalars.count == bytes.count)
            #expect(read.unicodeScalars.allSatisfy { $0.value >= 0x80 && $0 != "\u{FFFD}" })
        }
    }

    @Test("UTF-16 of either byte order is read, pairs and broken pairs too")
    func utf16() {
        let units = Array("Zoë 😀".utf16) + [0xD800, 0x41, 0xDC00]
        let little = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        #expect(text(LeafReader.plain(.utf16LittleEndian), little) == "Zoë 😀\u{FFFD}\u{FFFD}")
        #expect(text(LeafReader.plain(.utf16BigEndian), big) == "Zoë 😀\u{FFFD}\u{FFFD}")
        expectSameTextHoweverSplit(LeafReader.plain(.utf16LittleEndian), little)
    }

    @Test("a form feed parts pages")
    func formFeed() { #expect(text(LeafReader.plain(), "page 1\u{0C}page 2") == "page 1|page 2") }

    // MARK: Tables

    @Test("cells are parted, quotes go, and a delimiter or line end within quotes is text")
    func table() {
        let csv = "name,NHS number\r\n\"Smith, Jo\",999 000 0018\n\"said \"\"no\"\"\nthen\",\n"
        #expect(
            text(LeafReader.table(UInt8(ascii: ",")), csv)
                == "name|NHS number|Smith, Jo|999 000 0018|said \"no\"\nthen")
    }

    @Test(
        "the delimiter is the one that the first line has most of",
        arguments: [("a;b;c\n1,2", ";"), ("a\tb,c\td", "\t"), ("one", ","), ("a|b", "|")] as [(String, Unicode.Scalar)])
    func delimiter(_ head: String, _ expected: Unicode.Scalar) {
        #expect(TableReader.delimiter(in: Array(head.utf8)) == UInt8(ascii: expected))
    }

    // MARK: JSON

    @Test("a name stays with its value, other values are parted, and escapes are undone")
    func json() {
        let json =
            #"{"nhsNumber": 9990000018, "name":"Zo\u00eb \ud83d\ude00 \"Q\"\n", "tags":["a","b"], "x":{"y":null}}"#
        #expect(
            text(LeafReader.json(), json) == "nhsNumber: 9990000018|name: Zoë 😀 \"Q\"\n|tags: |a|b|x: |y: null")
    }

    @Test("half a pair alone becomes the replacement character, and what follows it survives")
    func jsonHalfPair() {
        #expect(text(LeafReader.json(), #"["\ud83dx","\ud83d\n","\udc00"]"#) == "\u{FFFD}x|\u{FFFD}\n|\u{FFFD}")
    }

    @Test("lines of JSON are parted")
    func jsonLines() { #expect(text(LeafReader.json(), "\"a\"\n\"b\"\n{\"c\":1}") == "a|b|c: 1") }

    @Test("what is no JSON comes through")
    func notJSON() { #expect(text(LeafReader.json(), #"hello "wor\u12ld"#) == "hellowor" + "ld") }

    // MARK: Markup

    @Test("tags go, blocks are parted, entities become characters, script and style are not read")
    func html() {
        let html = """
            <!DOCTYPE html><html><head><title>A &amp; B</title><style>p { color: red }</style>\
            <script>if (a < b) { "</p>" }</script></head><body><!-- not > this --><p class="x">Zo&euml; <b>Sm</b>ith&#39;s \
            &#x2014; &#151;<br>line<img alt="a scan"></p><td>1</td><td>2</td></body></html>
            """
        #expect(
            text(LeafReader.markup(.html), html) == "A & B|Zoë Smith's — —\nline |alt: a scan|1|2")
    }

    @Test("a bare ampersand, a bare less-than and an unknown entity survive")
    func bare() {
        #expect(
            text(LeafReader.markup(.html), "a & b < c <3 &nothing; &; R&D; x&") == "a & b < c <3 &nothing; &; R&D; x&")
    }

    @Test("the name of an element or attribute of data stays with its value")
    func data() {
        let xml = """
            <?xml version="1.0"?><c:case xmlns:c="urn:x" ref='A&amp;1'><NHSNumber>9990000018</NHSNumber>\
            <note><![CDATA[a < b ]] & c]]></note></c:case>
            """
        #expect(
            text(LeafReader.markup(.data), xml)
                == "ref: A&1|case: |NHSNumber: 9990000018|note: a < b ]] & c")
    }

    @Test("runs of a word are one word, paragraphs are lines and cells are parted in Office parts")
    func office() {
        let part = """
            <?xml version="1.0"?><w:p w:rsid="00A1"><w:r><w:t>Smi</w:t></w:r><w:r><w:t>th</w:t></w:r></w:p><w:p><w:t>b</w:t>\
            </w:p><w:tc><w:t>c</w:t></w:tc><w:tc><w:t>d</w:t></w:tc><?xml version="1.0"?><a:t>other part</a:t>
            """
        #expect(
            text(LeafReader.markup(.office), part).split(separator: "\n", omittingEmptySubsequences: true)
                == ["Smith", "b", "|c|d|other part"])
    }

    @Test("no markup, however broken, is kept: names and comments without end take bounded room")
    func endless() {
        let name = "<" + String(repeating: "a", count: 100_000)
        #expect(text(LeafReader.markup(.html), name).isEmpty)
        #expect(text(LeafReader.markup(.data), "<!--" + name).isEmpty)
        #expect(text(LeafReader.markup(.html), "<script>" + name + "</script>left") == "left")
    }

    // MARK: Rich text

    @Test("rich text loses its control words, fonts, pictures and fallbacks")
    func richText() {
        let rtf = #"""
            {\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator Word;}\pard Zo\'eb \b Smith\b0\par
            dash\u8212?\u-10179?\u-8704? {\pict\bin4 }}}}}end\cell next\{brace\}\~x}
            """#
        #expect(text(RichTextReader(), rtf) == "Zoë Smith\ndash—😀 end|next{brace} x")
    }

    @Test("groups without end take bounded room")
    func deepGroups() {
        let rtf = #"{\rtf1 "# + String(repeating: "{", count: 100_000) + "deep" + String(repeating: "}", count: 100_000)
        #expect(text(RichTextReader(), rtf + "out}") == "deepout")
    }

    // MARK: All of them

    static let samples: [(String, [UInt8])] = [
        ("plain", Array("Zoë\u{0C}😀 ".utf8) + [0xE9, 0xE2, 0x82, 0xAC, 0xE2, 0x82]),
        ("table", Array("a,\"b\"\"c\",é\r\n;x,,\"y\n\"".utf8)),
        ("json", Array(#"{"a\u00e9\ud83d\ude00\ud83d":[1,"x\\",{"y":"\t"}],"z" : tru"#.utf8)),
        (
            "html",
            Array(
                "<p a=1 alt='x&amp;y' >a&lt;b&eacute;&bad;<!--x--y--><script>'</'</script>é<br/><![CDATA[]]]>&am".utf8)
        ),
        ("data", Array("<?x?><!DOCTYPE a><a b=\"1&gt;\" c=d><n:b>x &#233; </n:b><![CDATA[<&]]]]></a>< 1".utf8)),
        ("rtf", Array(#"{\rtf1\u233?\'e9{\*\x y}\uc2\u8212--z\par\bin3 abcq\'4"#.utf8)),
        ("mail", MailReaderTests.message),
    ]

    @Test("however a text is split into pieces, it reads the same", arguments: samples.map(\.0))
    func splits(_ name: String) throws {
        let bytes = try #require(Self.samples.first { $0.0 == name }).1
        switch name {
        case "plain": expectSameTextHoweverSplit(LeafReader.plain(), bytes)
        case "table": expectSameTextHoweverSplit(LeafReader.table(UInt8(ascii: ",")), bytes)
        case "json": expectSameTextHoweverSplit(LeafReader.json(), bytes)
        case "html": expectSameTextHoweverSplit(LeafReader.markup(.html), bytes)
        case "data": expectSameTextHoweverSplit(LeafReader.markup(.data), bytes)
        case "rtf": expectSameTextHoweverSplit(RichTextReader(), bytes)
        default: expectSameTextHoweverSplit(MailReader(), bytes)
        }
    }

    @Test("random bytes never stop a reader, and what it gives is UTF-8")
    func noise() {
        let alphabet = Array("<>&;\"'\\{}[]:,=?-!/u0fD8 \r\n\u{0C}é".utf8) + [0xE2, 0xED, 0xFF]
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...400)).map { _ in alphabet.randomElement() ?? 0 }
            expectUTF8(LeafReader.plain(), bytes)
            expectUTF8(LeafReader.json(), bytes)
            expectUTF8(LeafReader.markup(.html), bytes)
            expectUTF8(LeafReader.markup(.data), bytes)
            expectUTF8(LeafReader.table(UInt8(ascii: ",")), bytes)
            expectUTF8(RichTextReader(), Array(#"{\rtf1"#.utf8) + bytes)
            expectUTF8(MailReader(), bytes)
        }
    }

    private func expectUTF8(_ reader: some TextReader, _ bytes: [UInt8]) {
        let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count) }
        #expect(
            !text(reader, bytes, cuts: cuts).unicodeScalars.contains("\u{FFFD}") || bytes.contains(UInt8(ascii: "u")))
        #expect(text(reader, bytes, cuts: cuts) == text(reader, bytes))
    }
}
