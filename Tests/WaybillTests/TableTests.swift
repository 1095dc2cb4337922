import Testing

@testable import waybill

struct TableTests {
    @Test("columns are as wide as their widest cell, numbers stand right, and nothing follows the last")
    func layout() {
        var table = Table([.init("NAME"), .init("SIZE", .right), .init("STATE")])
        table.add(["minutes.pdf", "12 MiB", "held"])
        table.add(["a", "1 B", "delivered"])
        #expect(
            table.lines == [
                "NAME           SIZE  STATE",
                "minutes.pdf  12 MiB  held",
                "a               1 B  delivered",
            ])
    }

    @Test("letters that take two columns on a screen count as two")
    func wide() {
        var table = Table([.init("N"), .init("S")])
        table.add(["会議", "x"])
        table.add(["abcd", "y"])
        #expect(table.lines == ["N     S", "会議  x", "abcd  y"])
    }

    @Test("a cell that is too long ends in an ellipsis within its column")
    func cut() {
        var table = Table([.init("NAME", most: 6)])
        table.add(["abcdefgh"])
        table.add(["abcdef"])
        table.add(["会議会議"])
        #expect(table.lines == ["NAME", "abcde…", "abcdef", "会議…"])
    }

    @Test(
        "no control character of a cell reaches the screen",
        arguments: ["\u{1b}[31m", "\u{9b}31m", "\u{202e}", "\n", "\r", "\u{7f}"])
    func clean(_ evil: String) {
        var table = Table([.init("NAME")])
        table.add(["a\(evil)b"])
        #expect(table.lines[1].unicodeScalars.allSatisfy(Terminal.isHarmless))
        #expect(table.lines[1].hasPrefix("a?"))
    }
}
