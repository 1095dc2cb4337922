import Testing
import Vocabulary

@Suite struct JSONTests {
    @Test(
        "what is written reads back as the same bytes",
        arguments: [
            #"{}"#, #"[]"#, #""""#, #"{"a":1,"b":[true,false,-7],"c":{"d":"é"}}"#, #""\u0001\n\t\"\\""#,
            #"{"aa":1,"b":2}"#, "9007199254740991",
        ])
    func roundTrip(_ text: String) throws {
        #expect(try JSON(kept: Array(text.utf8)).text == text)
    }

    @Test(
        "any other spelling is refused",
        arguments: [
            #"{ }"#, #"{"a": 1}"#, #"{"b":1,"a":2}"#, #"{"a":1,"a":1}"#, "1.0", "1e3", "01", "-0", "null", #""\u0041""#,
            #""\/""#, #""\ud800""#, "[1,]", "[1 ]", "{}x", "", "9007199254740992", "\"\u{01}\"", #"{"a":1"#, #"["#,
            #""a"#,
            #""\u001F""#,
        ])
    func refused(_ text: String) {
        #expect(throws: Malformed.self) { try JSON(kept: Array(text.utf8)) }
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() {
        #expect(throws: Malformed.self) { try JSON(parsing: [0x22, 0xff, 0x22]) }
        #expect(throws: Malformed.self) { try JSON(parsing: [0x22, 0xc0, 0xaf, 0x22]) }
    }

    @Test("nesting is bounded, so that nobody exhausts the stack")
    func depth() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: Malformed.self) { try JSON(parsing: Array(deep.utf8)) }
        let fits = String(repeating: "[", count: 15) + String(repeating: "]", count: 15)
        #expect(throws: Never.self) { try JSON(parsing: Array(fits.utf8)) }
    }

    @Test("a member that nobody asked for is refused")
    func unknownMember() throws {
        var members = try JSONMembers(JSON(parsing: Array(#"{"a":1,"b":2}"#.utf8)), of: "thing")
        #expect(try members.integer("a") == 1)
        #expect(throws: Malformed("thing", "has a member that this version does not know")) { try members.end() }
    }
}

/// Reading and writing are two pieces of code: neither checks itself by the other.
@Suite struct JSONSpellingTests {
    @Test("whatever is read is written with the same bytes, and nothing else is read", .timeLimit(.minutes(5)))
    func mutations() {
        let text = #"{"a":-7,"b":[true,false,"\u0001\n\t\r\"\\é","z"],"bb":{"c":0,"é":9007199254740991},"c":""}"#
        var random = SystemRandomNumberGenerator()
        var readable = 0
        for _ in 0..<50_000 {
            var bytes = Array(text.utf8)
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let at = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[at] = bytes.randomElement(using: &random) ?? 0
                case 2: bytes.insert(bytes.randomElement(using: &random) ?? 0, at: at)
                default: bytes.remove(at: at)
                }
            }
            guard let json = try? JSON(kept: bytes) else { continue }
            readable += 1
            #expect(json.encoded == bytes)
        }
        #expect(readable > 100)
    }

    @Test("members that Unicode holds for one are refused, whatever their order")
    func alike() {
        #expect(throws: Malformed.self) { try JSON(kept: Array("{\"e\u{301}\":1,\"\u{e9}\":2}".utf8)) }
        #expect(throws: Malformed.self) { try JSON(kept: Array("{\"\u{e9}\":2,\"e\u{301}\":1}".utf8)) }
    }

    @Test("the newline, the tab and the return have short escapes only", arguments: ["09", "0a", "0d"])
    func shortEscapes(_ code: String) {
        #expect(throws: Malformed.self) { try JSON(kept: Array(#""\u00\#(code)""#.utf8)) }
    }
}
