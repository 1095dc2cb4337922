import Folders
import Testing

@Suite("File names")
struct FileNameTests {
    @Test(
        "what could leave its folder is no name",
        arguments: ["", ".", "..", "a/b", "../../etc/passwd", "/", "a\0b", String(repeating: "a", count: 256)])
    func refused(_ text: String) {
        #expect(FileName(text) == nil)
    }

    @Test("names are kept byte by byte", arguments: ["...", "a\u{1}b", "-rf", " ", String(repeating: "é", count: 127)])
    func kept(_ text: String) throws {
        #expect(try FileName.of(text).bytes == Array(text.utf8))
        #expect(try FileName.of(text).text == text)
    }

    @Test("composed and decomposed twins are two names, though their strings are equal")
    func twins() throws {
        let (composed, decomposed) = ("Zo\u{eb}.pdf", "Zoe\u{308}.pdf")
        #expect(composed == decomposed)
        #expect(try Set([FileName.of(composed), FileName.of(decomposed)]).count == 2)
        #expect(SafeName.clashKey(composed) == SafeName.clashKey(decomposed))
    }

    @Test("a name that is not UTF-8 has bytes and no text")
    func notUTF8() throws {
        let name = try #require(FileName(bytes: [0x41, 0xff, 0x42]))
        #expect(name.text == nil)
        #expect(name.bytes == [0x41, 0xff, 0x42])
    }

    @Test("a name printed into a log shows nothing of itself")
    func description() throws {
        #expect("\(try FileName.of("Amy Smith.pdf"))" == "a name of 13 bytes")
    }

    @Test("names sort by unsigned bytes")
    func order() throws {
        let names = try ["z", "é", "a", "B"].map(FileName.of).sorted()
        #expect(names.map(\.text) == ["B", "a", "z", "é"])
    }

    @Test("temporary names are hidden and never the same")
    func temporary() {
        let names = Set((0..<1000).map { _ in FileName.temporary() })
        #expect(names.count == 1000)
        #expect(names.allSatisfy(DropName.isIgnored))
    }
}
