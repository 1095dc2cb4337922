import Foundation
import Law
import Testing
import Vocabulary

@testable import Inspection

import struct Inspection.Scanner

/// What was counted up to the cap is no longer looked for, and nothing that is told changes by it.
struct ScanSaturationTests {
    private static let today = CalendarDate(year: 2026, month: 11, day: 22)
    private let lexicon: Lexicon
    private let table: WordTable
    private let notes: [[UInt8]]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let words = root.appending(path: "Catalogue/words-2026-11-22.yaml")
        lexicon = try LexiconReader.read([UInt8](Data(contentsOf: words)), file: "words").get()
        table = WordTable(lexicon)
        let corpus = root.appending(path: "Bench/corpus")
        notes = try FileManager.default.contentsOfDirectory(atPath: corpus.path).filter { $0.hasSuffix(".txt") }
            .sorted().map { [UInt8](try Data(contentsOf: corpus.appending(path: $0))) + [0x0a] }
    }

    /// Less than the cap, so that short texts fill a kind.
    private static let few = 20

    private func scan(_ text: [UInt8], most: Int = few, counting: Range<Int> = 0..<Int.max) -> Tally {
        var scanner = Scanner(table, today: Self.today, counting: counting, most: most)
        scanner.feed(text.span)
        return scanner.finish()
    }

    /// Kinds, confidences, counts up to `few`, and suggestions.
    private func told(_ tally: Tally) -> [String] {
        let found = tally.inspection(.checked, lexicon)
        return found.finds.map { "\($0.kind) \($0.confidence) \(min($0.count, Self.few))" } + found.suggested
    }

    private func full(_ tally: Tally) -> Int { told(tally).count { $0.hasSuffix(" \(Self.few)") } }

    /// The notes in a random order, those of `isIn` at all, again and again.
    private func shuffled(_ size: Int, _ seed: UInt64, _ isIn: (Int) -> Bool = { _ in true }) -> [UInt8] {
        var random = Steps(state: seed)
        let some = notes.indices.filter(isIn)
        var text: [UInt8] = []
        while text.count < size { text += notes[some[Int.random(in: some.indices, using: &random)]] }
        return text
    }

    @Test("of shuffled notes the same is told, whether or not what is known is looked for", arguments: UInt64(1)...12)
    func shuffled(_ seed: UInt64) {
        // Each seed leaves out other notes, so that other kinds are full, or have not yet the best confidence.
        let text = shuffled(200 << 10, seed) { $0 % 4 != Int(seed) % 5 }
        let (some, all) = (scan(text), scan(text, most: .max))
        #expect(told(some) == told(all))
        #expect(full(all) >= 10)
        #expect(some != all, "nothing was left out: this tests nothing")
    }

    @Test("slices add up to what the whole tells when kinds are full", arguments: UInt64(1)...4)
    func slices(_ seed: UInt64) {
        let text = shuffled(300 << 10, seed &+ 20)
        var random = Steps(state: seed)
        let lead = Scanner.sliceLead(lexicon)
        var (start, tallies) = (0, [Tally]())
        while start < text.count {
            let end = min(text.count, start + Int.random(in: 1...150_000, using: &random))
            let (from, to) = (max(0, start - lead), min(text.count, end + Scanner.sliceTail))
            tallies.append(scan(Array(text[from..<to]), counting: start - from..<end - from))
            start = end
        }
        #expect(tallies.count > 1)
        #expect(told(Tally.merge(tallies, lexicon)) == told(scan(text, most: .max)))
    }

    @Test("where the pieces end makes no difference when kinds are full", arguments: [40, 20_000])
    func pieces(_ most: Int) {
        let text = shuffled(200 << 10, 40)
        var random = Steps(state: 40)
        var scanner = Scanner(table, today: Self.today, most: Self.few)
        var rest = text.span
        while !rest.isEmpty {
            let length = min(rest.count, Int.random(in: 1...most, using: &random))
            scanner.feed(rest.extracting(first: length))
            rest = rest.extracting(droppingFirst: length)
        }
        #expect(scanner.finish() == scan(text))
    }

    @Test(
        "what comes only at the very end of a long text full of other kinds is found",
        arguments: [
            ("School URN 111999", "school-urn", "low"), ("PTI URN 17ZZ0000126", "pti-urn", "medium"),
            ("a gender recognition certificate", "gra-s22", "medium"), ("NINO AB000000C", "nino", "medium"),
            ("facial recognition", "biometric-words", "medium"), ("her union rep", "union-words", "medium"),
        ])
    func late(_ text: String, _ kind: String, _ confidence: String) {
        func finds(_ text: [UInt8]) -> [String] { told(scan(text)).filter { $0.hasPrefix(kind + " ") } }
        let before = shuffled(200 << 10, 50) { finds(notes[$0]).isEmpty }
        #expect(full(scan(before)) >= 10)
        #expect(finds(before) == [])
        #expect(finds(before + Array(text.utf8)) == ["\(kind) \(confidence) 1"])
    }

    @Test("a kind with a full count still becomes surer")
    func surer() {
        let weak = Array(String(repeating: "seen in the clinic. R80600002601A. ", count: 3000).utf8)
        let strong = Array("UPN R80600002601A. Referred to CAMHS after self-harm.".utf8)
        #expect(told(scan(weak)) == ["health-words low 20", "upn medium 20", "pd-08"])
        #expect(told(scan(weak + strong)) == ["health-words high 20", "upn high 20", "pd-08", "sc-health"])
    }

    /// One of each identifier, with a word beside it, and health that is certain.
    private static let everything = [
        "NHS number 999 000 0042", "UPN R80600002601A", "NINO AB000000C", "PNC ID 79/163001B", "CRO SF99/1B",
        "ASN 26/17ZZ/01/00000000001F", "Prison number A0000AA", "CRN X000001", "PTI URN 17ZZ0000126", "TS1 9ZZ",
        "DOB 31/12/2012", "ULN 9999999998", "Sort code 08-99-99 account 66374958", "School URN 111999",
        "Tel 01632 960123", "CAMHS and self harm",
    ]

    /// Feeds lines of all of `everything` but one.
    private func fill(_ scanner: inout Scanner, without missing: Int? = nil) {
        let lines = Self.everything.indices.filter { $0 != missing }.map { Self.everything[$0] + "\n" }.joined()
        scanner.feed(Array(String(repeating: lines, count: 1200).utf8).span)
    }

    private var small: Lexicon {
        var health = Lexicon.Family(id: "health-words", category: "sc-health", threshold: 4)
        health.words = [.init("CAMHS", weight: 4), .init("self harm*", weight: 4)]
        return Lexicon(version: "test", families: [health])
    }

    @Test("a scanner has enough when every kind is full, and what follows changes nothing")
    func enough() {
        var scanner = Scanner(WordTable(small), today: Self.today)
        fill(&scanner)
        let hasEnough = scanner.isSaturated
        #expect(hasEnough)
        scanner.gap()
        fill(&scanner)
        let finds = scanner.finish().inspection(.checked, small).finds
        #expect(finds.count == IdentifierKind.allCases.count + 1)
        #expect(finds.allSatisfy { $0.count == Tally.most })
    }

    @Test("a scanner goes on as long as one kind is not full", arguments: everything.indices)
    func notEnough(_ missing: Int) {
        var scanner = Scanner(WordTable(small), today: Self.today)
        fill(&scanner, without: missing)
        let hasEnough = scanner.isSaturated
        #expect(!hasEnough)
        let before = Self.everything[missing]
        scanner.feed(Array(before.utf8).span)
        let finds = scanner.finish().inspection(.checked, small).finds
        #expect(finds.count == IdentifierKind.allCases.count + 1)
        #expect(finds.contains { $0.count < Tally.most })
    }

    @Test("a family that can never be certain is full without it")
    func modest() {
        var marker = Lexicon.Family(id: "mark", category: "none", threshold: 4)
        marker.words = [.init("certificate", weight: 4)]
        let lexicon = Lexicon(version: "test", families: [marker])
        var tally = Tally(lexicon)
        var known = Saturation(lexicon, most: Tally.most)
        tally.families[0] = .init(hits: Tally.most, peak: 3)
        var isNew = known.learn(tally)
        #expect(!isNew)
        tally.families[0] = .init(hits: Tally.most, peak: 4)
        isNew = known.learn(tally)
        #expect(isNew)
        #expect(!known.isNeeded(.word(0, weight: 4)))
        #expect(!known.isComplete)
    }
}
