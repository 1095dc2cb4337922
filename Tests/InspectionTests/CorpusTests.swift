import Foundation
import Inspection
import Law
import Testing
import Vocabulary

/// The shipped words, read as the daemon reads them, and the synthetic corpus.
struct CorpusTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let today = CalendarDate(year: 2026, month: 11, day: 22)
    let lexicon: Lexicon
    let table: WordTable

    init() throws {
        let file = Self.root.appending(path: "Catalogue/words-2026-11-22.yaml")
        lexicon = try LexiconReader.read([UInt8](Data(contentsOf: file)), file: "words-2026-11-22.yaml").get()
        table = WordTable(lexicon)
    }

    private func suggestions(_ text: String, _ table: WordTable? = nil) -> Inspection {
        var scanner = Scanner(table ?? self.table, today: Self.today)
        scanner.feed(Array(text.utf8).span)
        return scanner.finish().inspection(.checked, lexicon)
    }

    private func score(_ isIncluded: (Substring) -> Bool) throws -> CorpusScore {
        let corpus = Self.root.appending(path: "Bench/corpus")
        let manifest = try String(contentsOf: corpus.appending(path: "manifest.tsv"), encoding: .utf8)
        let lines = manifest.split(separator: "\n").filter(isIncluded).joined(separator: "\n")
        return try CorpusScore.measure(manifest: lines, table, today: Self.today) { file in
            [UInt8](try Data(contentsOf: corpus.appending(path: file)))
        }
    }

    @Test("the corpus of invented case notes is labelled with the precision and recall that are promised")
    func corpus() throws {
        let score = try score { !$0.hasPrefix("held-") }
        print(score.table)
        #expect(score.documents >= 60)
        for (category, precision, recall) in Self.floors {
            let row = try #require(score.rows[category])
            #expect(row.precision >= precision, "\(category)")
            #expect(row.recall >= recall, "\(category)")
        }
    }

    /// Criminal offences lean to being right, special categories to suggesting.
    private static let floors = [
        ("cr-offence", 0.9, 0.85), ("sc-health", 0.85, 0.85), ("sc-race", 0.85, 0.85), ("sc-belief", 0.85, 0.85),
        ("sc-sex", 0.85, 0.85), ("pd-13", 0.9, 0.9),
    ]

    /// Words do not understand: recall is low here and printed, not promised.
    @Test("of notes written without a look at the words, what is suggested is seldom wrong")
    func heldOut() throws {
        let score = try score { $0.hasPrefix("held-") }
        print("held out:\n" + score.table)
        #expect(score.documents == 15)
        #expect(score.rows.values.reduce(0) { $0 + $1.wrong } <= 2)
    }

    @Test(
        "what only looks like a special category or an offence suggests nothing",
        arguments: [
            "The health visitor came.", "Speak to the charge nurse.", "She is in charge of the office.",
            "Caution: wet floor.", "custody of children was agreed", "They live in Church Road.",
            "St Mary's RC Primary", "We acted in good faith.", "Mrs Gay and Karen Gay came.", "Sex: F",
            "Mrs Black drove a black van.", "Christian Smith sends apologies.", "the arresting officer gave evidence",
            "The sentence is long.", "health and safety training", "a credit union account",
        ])
    func traps(_ text: String) {
        #expect(suggestions(text).suggested.filter { !$0.hasPrefix("pd-") } == [])
    }

    @Test(
        "what the law means is suggested",
        arguments: [
            ("Referred to CAMHS after self-harm.", "sc-health"), ("Ethnicity: White British", "sc-race"),
            ("the family attend the mosque", "sc-belief"), ("he told us that he is gay", "sc-sex"),
            ("He was arrested for theft and is on bail.", "cr-offence"), ("her union rep", "sc-union"),
            ("his political views", "sc-political"), ("a genetic test", "sc-genetic"),
            ("facial recognition", "sc-biometric"),
            ("rent arrears", "pd-07"), ("at risk of eviction", "pd-09"), ("Jehovah\u{2019}s Witness", "sc-belief"),
        ])
    func meant(_ text: String, _ category: String) {
        #expect(suggestions(text).suggested == [category])
    }

    @Test("gender recognition is marked, and suggests no special category")
    func genderRecognition() {
        let found = suggestions("a gender recognition certificate")
        #expect(found.finds.map(\.kind) == ["gra-s22"])
        #expect(found.suggested == [])
    }

    @Test("an NHS number makes one weak word of health enough")
    func hint() {
        #expect(suggestions("seen in the clinic").suggested == [])
        #expect(suggestions("NHS number 999 000 0042, seen in the clinic").suggested == ["pd-13", "sc-health"])
    }

    @Test("an organisation's own names cancel for it alone")
    func allowList() throws {
        var family = Lexicon.Family(id: "f", category: "sc-belief", threshold: 1)
        family.words = [.init("mosque", weight: 1)]
        family.allowed = ["hartlepool": ["mosque street"]]
        let lexicon = Lexicon(version: "1", families: [family])
        for (organisation, count) in [("hartlepool", 0), ("stockton", 1)] {
            var scanner = Scanner(WordTable(lexicon, organisation: organisation), today: Self.today)
            scanner.feed(Array("4 Mosque Street".utf8).span)
            #expect(scanner.finish().inspection(.checked, lexicon).finds.count == count)
        }
    }

    @Test("words far apart do not add up, and the same word twice counts once")
    func window() {
        let far = String(repeating: "then and there it was said again ", count: 20)
        #expect(suggestions("the clinic " + far + " a nurse").suggested == [])
        #expect(suggestions("the clinic and the clinic and the clinic").suggested == [])
        #expect(suggestions("the clinic and a nurse").suggested == ["sc-health"])
    }

    @Test("a broken file of words tells every mistake with its line")
    func broken() {
        let text = """
            words: w
            version: "1"
            families:
              - { id: a, category: sc-health, threshold: 0, words: [{ weight: 1, any-of: ["a*", "good"] }] }
              - { id: a, category: sc-health, threshold: 4, names: ["nobody"], wrods: [] }
            """
        let reading = LexiconReader.read(Array(text.utf8), file: "words.yaml")
        #expect(reading.value == nil)
        #expect(reading.errors.map(\.line) == [4, 4, 5, 5])
    }
}
