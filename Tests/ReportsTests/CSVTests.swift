import Reports
import Testing

@Suite struct CSVTests {
    @Test(
        "cells are quoted where RFC 4180 says so, and are one line always",
        arguments: [
            ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""), ("a\nb", "a b"),
            ("a\r\nb\tc", "a  b c"), ("\"", "\"\"\"\""), ("a\u{1b}[31mb", "a?[31mb"), ("\u{202e}fdp", "?fdp"),
        ])
    func quoting(_ cell: String, _ expected: String) {
        #expect(CSV.cell(cell) == expected)
    }

    @Test(
        "what a spreadsheet would run as a formula does not begin like one",
        arguments: ["=", "+", "-", "@", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}", " =", "\t=", "\n@", "\r+"])
    func formula(_ sign: String) {
        #expect(CSV.cell("\(sign)cmd|' /C calc'!A0").hasPrefix("'"))
        #expect(CSV.cell("\(sign)1,2").hasPrefix("\"'"))
    }

    @Test("signs inside a cell are left alone")
    func inside() {
        #expect(CSV.cell("a=b") == "a=b")
        #expect(CSV.line(["a", "b,c", ""]) == "a,\"b,c\",")
    }
}
