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
