import Folders
import Testing

@Suite("Safe names")
struct SafeNameTests {
    static let vectors: [(trueName: String, safe: String)] = [
        ("minutes.pdf", "minutes.pdf"),
        ("Füße – Protokoll (2).docx", "Füße – Protokoll (2).docx"),
        ("家庭.pdf", "家庭.pdf"),
        ("👩‍👧 plan.pdf", "👩‍👧 plan.pdf"),
        (#"a<b>c:d"e/f\g|h?i*j"#, "a_b_c_d_e_f_g_h_i_j"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("line\nbreak\tand\u{7f}\u{85}end", "line_break_and__end"),
        ("gpj.\u{202e}exe", "gpj._exe"),
        ("a\u{200f}b\u{2066}c\u{61c}d", "a_b_c_d"),
        ("\u{feff}bom", "_bom"),
        // U+3FFFF and U+FDD0, which no literal may hold.
        (String(decoding: [0x61, 0xf0, 0xbf, 0xbf, 0xbf, 0xef, 0xb7, 0x90], as: UTF8.self), "a__"),
        ("", "_"), (".", "_"), ("..", "__"), ("...", "___"), (" ", "_"),
        ("report.", "report_"), ("report. . ", "report____"), ("a\u{a0}", "a_"),
        (".bashrc", "_bashrc"), ("~$plan.docx", "_$plan.docx"), (" lead", "_lead"),
        ("CON", "_CON"), ("con.txt", "_con.txt"), ("Com1.tar.gz", "_Com1.tar.gz"), ("LPT9 .x", "_LPT9 .x"),
        ("COM¹.txt", "_COM¹.txt"), ("nul", "_nul"), ("AUX.h", "_AUX.h"), ("prn.", "prn_"), ("CONIN$", "_CONIN$"),
        ("COM", "COM"), ("COM10", "COM10"), ("CONS.txt", "CONS.txt"), ("icon", "icon"),
        ("x.label.yaml", "x_label.yaml"), ("x.LABEL.json", "x_LABEL.json"), (".label.yaml", "_label.yaml"),
        ("Zoe\u{308}.pdf", "Zo\u{eb}.pdf"), ("a\u{200b}b\u{2060}.pdf", "a_b_.pdf"), ("soft\u{ad}hyphen", "soft_hyphen"),
        ("desktop.ini", "_desktop.ini"), ("Desktop.INI", "_Desktop.INI"), ("AUTORUN.INF", "_AUTORUN.INF"),
        ("a.lnk", "a.lnk_"), ("Report.URL", "Report.URL_"), ("x.scf", "x.scf_"), ("x.library-ms", "x.library-ms_"),
        ("x.searchConnector-ms", "x.searchConnector-ms_"), ("desktop.ini.txt", "desktop.ini.txt"), ("url", "url"),
        ("x.label.yml", "x.label.yml"), ("x.label.yaml ", "x.label.yaml_"),
    ]

    @Test("the table of names", arguments: vectors)
    func table(_ trueName: String, _ safe: String) {
        #expect(Array(SafeName.forInbox(trueName).utf8) == Array(safe.utf8))
    }

    @Test("a name of 300 bytes is cut on a character boundary and keeps its extension")
    func long() {
        let safe = SafeName.forInbox(String(repeating: "é", count: 148) + ".pdf")
        #expect(safe == String(repeating: "é", count: 125) + ".pdf")
        let family = SafeName.forInbox("a" + String(repeating: "👩‍👧", count: 30) + ".docx")
        #expect(family == "a" + String(repeating: "👩‍👧", count: 22) + ".docx")
    }

    @Test("one character of 600 bytes is cut between scalars")
    func endlessCharacter() {
        let safe = SafeName.forInbox("e" + String(repeating: "\u{301}", count: 300))
        // The first mark is composed with its letter: two bytes for each scalar.
        #expect(safe.utf8.count == 254)
    }

    @Test("whatever comes, the result is a file name that needs no further change")
    func anyInput() throws {
        var random = SplitMix(state: 7)
        let pool = Array(".. ~/\\:conCOM1lpt9.label.yamlé\u{202e}\u{301}\u{0}\u{a0}👩‍👧.part".unicodeScalars)
        for _ in 0..<4000 {
            let count = Int.random(in: 0...320, using: &random)
            let scalars = (0..<count).compactMap { _ in pool.randomElement(using: &random) }
            let safe = SafeName.forInbox(String(String.UnicodeScalarView(scalars)))
            let name = try FileName.of(safe)
            #expect(!DropName.isSidecar(name))
            #expect(safe.first != "." && safe.first != "~" && safe.last != "." && safe.last != " ")
            #expect(Array(SafeName.forInbox(safe).utf8) == Array(safe.utf8))
        }
    }

    @Test("numbers and notes fit into 255 bytes and keep the extension")
    func derived() {
        let long = String(repeating: "n", count: 251) + ".pdf"
        #expect(SafeName.numbered("name.pdf", 2) == "name (2).pdf")
        #expect(SafeName.numbered("name", 12) == "name (12)")
        #expect(SafeName.numbered(long, 2) == String(repeating: "n", count: 247) + " (2).pdf")
        #expect(SafeName.note("name.pdf", suffix: ".receipt.txt") == "name.pdf.receipt.txt")
        #expect(SafeName.note(long, suffix: ".receipt.p7s") == String(repeating: "n", count: 239) + ".pdf.receipt.p7s")
    }

    @Test(
        "names that a client shows alike clash",
        arguments: [
            ("Plan.PDF", "plan.pdf"), ("STRASSE", "straße"), ("ΟΔΟΣ", "οδος"), ("οδοσ", "οδος"), ("\u{212a}", "k"),
            ("é", "E\u{301}"), ("\u{1100}\u{1161}", "가"), ("ﬁn", "FIN"),
        ])
    func clash(_ a: String, _ b: String) {
        #expect(SafeName.clashKey(a) == SafeName.clashKey(b))
    }

    @Test("names that differ do not clash", arguments: [("a", "b"), ("e", "é"), ("plan (2)", "plan (3)"), ("a.", "a")])
    func noClash(_ a: String, _ b: String) {
        #expect(SafeName.clashKey(a) != SafeName.clashKey(b))
    }

    @Test("NFC composes and leaves composed text alone")
    func composition() {
        #expect(Array(SafeName.nfc("Zoe\u{308}").utf8) == Array("Zo\u{eb}".utf8))
        #expect(Array(SafeName.nfc("\u{1112}\u{1161}\u{11ab}").utf8) == Array("한".utf8))
        #expect(Array(SafeName.nfc("Zo\u{eb}").utf8) == Array("Zo\u{eb}".utf8))
        // A singleton and a composition exclusion, the two corners of UAX #15.
        #expect(Array(SafeName.nfc("\u{2126}\u{958}").utf8) == Array("\u{3a9}\u{915}\u{93c}".utf8))
    }
}

/// The same numbers on every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
