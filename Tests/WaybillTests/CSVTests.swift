import Testing

@testable import waybill

struct CSVTests {
    @Test(
        "cells are quoted where RFC 4180 says so",
        arguments: [
            ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""), ("a\nb", "a?b"),
            ("\"", "\"\"\"\""),
        ])
    func quoting(_ cell: String, _ expected: String) {
        #expect(CSV.cell(cell) == expected)
    }

    @Test("a name that a spreadsheet would run as a formula does not begin like one", arguments: ["=", "+", "-", "@"])
    func formula(_ sign: String) {
        #expect(CSV.cell("\(sign)cmd|' /C calc'!A0").hasPrefix("'\(sign)"))
        #expect(CSV.cell("\(sign)1,2") == "\"'\(sign)1,2\"")
    }

    @Test("cells are joined by commas")
    func line() {
        #expect(CSV.line(["a", "b,c", ""]) == "a,\"b,c\",")
    }
}
