import Inspection
import Testing
import Vocabulary

/// Finding in a stream: what stands beside a number, where pieces end, what slices add up to, what is told.
struct ScannerTests {
    private static let today = CalendarDate(year: 2026, month: 11, day: 22)
    private let lexicon: Lexicon
    private let table: WordTable

    init() {
        var health = Lexicon.Family(id: "health-words", category: "sc-health", threshold: 4)
        health.words = [
            .init("CAMHS", weight: 4), .init("prescri*", weight: 4), .init("GP", weight: 2),
            .init("self harm*", weight: 4),
            .init("nurse", weight: 2),
        ]
        health.traps = ["charge nurse*", "prescribed by law"]
        lexicon = Lexicon(version: "test", families: [health])
        table = WordTable(lexicon)
    }

    private func tally(_ pieces: [[UInt8]], counting: Range<Int> = 0..<Int.max) -> Tally {
        var scanner = Scanner(table, today: Self.today, counting: counting)
        for piece in pieces { scanner.feed(piece.span) }
        return scanner.finish()
    }

    private func inspect(_ text: String) -> Inspection {
        tally([Array(text.utf8)]).inspection(.checked, lexicon)
    }

    private func found(_ text: String) -> [String] {
        inspect(text).finds.map { "\($0.kind) \($0.confidence) \($0.count)" }
    }

    @Test(
        "identifiers are found by their form, their check digit and the words beside them",
        arguments: [
            ("NHS number: 999 000 0042", "nhs-number high 1"), ("9990000018 (NHS no)", "nhs-number high 1"),
            ("9990000018 and 999 000 0042", "nhs-number medium 2"), ("UPN D805000000001", "upn high 1"),
            ("R80600002601A", "upn medium 1"), ("AA 00 00 00 A", "nino low 1"),
            ("National Insurance AB000000C", "nino medium 1"), ("PNC ID 2026/0000001W", "pnc-id high 1"),
            ("79/163001B", "pnc-id medium 1"), ("CRO SF99/1B", "cro high 1"), ("000001/99W", "cro medium 1"),
            ("26/17ZZ/01/00000000001F", "asn medium 1"), ("arrest summons 1101ZD0100000448754K", "asn high 1"),
            ("A1234AA", "prison-number low 1"), ("Prison number A0000AA", "prison-number medium 1"),
            ("X000001", "probation-crn low 1"), ("CRN: X000001", "probation-crn medium 1"),
            ("URN 17ZZ0000126", "pti-urn low 1"), ("TS1 9ZZ", "postcode low 1"), ("ZZ99 3WZ", "postcode low 1"),
            ("DOB 31/12/1999", "date-of-birth high 1"), ("ULN 9999999998", "uln high 1"),
            ("Sort code 20-29-59, account number 63748472", "bank-account medium 1"),
            ("089999 66374958", "bank-account medium 1"), ("School URN 111999", "school-urn low 1"),
            ("Tel 01632 960123", "phone medium 1"), ("+44 7700 900123", "phone low 1"),
        ])
    func identifiers(_ text: String, _ find: String) { #expect(found(text) == [find]) }

    @Test(
        "what chance or another meaning explains is not reported",
        arguments: [
            "9990000018", "Tel 9990000018", "9990000019 NHS number 9990000017", "31/12/1999", "DOB 31/02/2010",
            "089999 66374959", "202959 63748472", "111999", "2026/0000001X", "1.999.000.0042", "AA1234A",
            "5-999 000 00421", "12345-9990000018-1",
        ])
    func nothing(_ text: String) { #expect(found(text) == []) }

    @Test("a birth date of a child is also reported as that")
    func child() {
        #expect(found("born 12 June 2018") == ["child-date-of-birth high 1", "date-of-birth high 1"])
    }

    @Test("a column headed by a word for birth makes dates of it")
    func column() {
        let rows = (1...9).map { "Person \($0) of the list,0\($0)/02/2015\n" }.joined()
        let column = found("name,dob\nfirst of all,one two three four\n" + rows)
        #expect(column == ["child-date-of-birth low 9", "date-of-birth low 9"])
    }

    @Test("random numbers of ten digits are not patients, however many pass by chance")
    func chance() {
        let column = (0..<500).map { String(1_642_000_000 + $0 * 7_919) }.joined(separator: "\n")
        #expect(found(column).filter { $0.hasPrefix("nhs") || $0.hasPrefix("uln") } == [])
    }

    @Test("nothing reaches over a gap")
    func gap() {
        var scanner = Scanner(table, today: Self.today)
        for cell in ["see self", "harm at 999 000", "0042"] {
            scanner.feed(Array(cell.utf8).span)
            scanner.gap()
        }
        #expect(scanner.finish().inspection(.checked, lexicon).finds == [])
    }

    @Test("counts end at 1,000")
    func most() {
        #expect(found(String(repeating: "CAMHS. ", count: 3000)) == ["health-words medium 1000"])
    }

    private static let sentences = [
        "NHS number 999 000 0042. ", "She self-harms. ", "The charge nurse rang. ", "prescribed by law ",
        "prescribed it ",
        "DOB: 01/02/2015\n", "Sort code 08-99-99 account 66374958 ", "TS1 9ZZ ", "the GP\u{2019}s letter ", "nurse ",
        "we met on Monday and talked about school for a while, ", "26/17ZZ/01/00000000001F ", "\u{e9}t\u{e9} ",
        "9990000018 ",
        "tel 01632 960123, ",
    ]

    private func text(_ sentences: Int, _ random: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<sentences).flatMap { _ in Array((Self.sentences.randomElement(using: &random) ?? "").utf8) }
    }

    @Test("where the pieces end makes no difference", arguments: UInt64(1)...8)
    func pieces(_ seed: UInt64) {
        var random = Steps(state: seed)
        let text = text(6000, &random)
        let whole = tally([text])
        var pieces: [[UInt8]] = []
        var rest = text[...]
        while !rest.isEmpty {
            let length = min(rest.count, Int.random(in: 1...(seed.isMultiple(of: 2) ? 40 : 20_000), using: &random))
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        #expect(text.count > 100_000)
        #expect(tally(pieces) == whole)
    }

    @Test("slices scanned apart add up to the whole", arguments: UInt64(1)...8)
    func slices(_ seed: UInt64) {
        var random = Steps(state: seed &+ 100)
        let text = text(2000, &random)
        let lead = Scanner.sliceLead(lexicon)
        var (start, tallies) = (0, [Tally]())
        while start < text.count {
            let end = min(text.count, start + Int.random(in: 1...9000, using: &random))
            let (from, to) = (max(0, start - lead), min(text.count, end + Scanner.sliceTail))
            tallies.append(tally([Array(text[from..<to])], counting: start - from..<end - from))
            start = end
        }
        #expect(Tally.merge(tallies, lexicon) == tally([text]))
    }

    @Test("what is told holds kinds and counts, and nothing of the text")
    func privacy() {
        let found = inspect("Tamsin Oakwright, NHS number 999 000 0042, TS1 9ZZ, referred to CAMHS for self-harm")
        #expect(
            found.json.text
                == #"{"finds":[{"category":"sc-health","confidence":"high","count":2,"kind":"health-words"},"#
                + #"{"category":"pd-13","confidence":"high","count":1,"kind":"nhs-number"},"#
                + #"{"category":"pd-02","confidence":"low","count":1,"kind":"postcode"}],"#
                + #""outcome":"checked","suggested":["pd-02","pd-13","sc-health"]}"#)
        for told in [found.json.text, String(reflecting: found)] {
            for secret in ["Tamsin", "Oakwright", "999", "0042", "9ZZ", "CAMHS", "self"] {
                #expect(!told.contains(secret))
            }
        }
    }
}
