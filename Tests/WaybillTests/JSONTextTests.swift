import Testing
import Vocabulary

@testable import waybill

struct JSONTextTests {
    @Test("members keep their order, and what is not known is null")
    func order() {
        let object = JSONText.object([
            ("b", .number(1)), ("a", .text(nil)), ("c", .array([.flag(true), .texts(["x"])])),
        ])
        #expect(object.line == #"{"b":1,"a":null,"c":[true,["x"]]}"#)
    }

    @Test(
        "what could steer a terminal is escaped, and means the same",
        arguments: [("\u{1b}", "\\u001b"), ("\u{9b}", "\\u009b"), ("\u{202e}", "\\u202e"), ("\u{7f}", "\\u007f")])
    func escaped(_ evil: String, _ expected: String) {
        #expect(JSONText.text("a\(evil)b").line == "\"a\(expected)b\"")
    }

    @Test("letters beyond ASCII stay as they are")
    func letters() {
        #expect(JSONText.text("Zoë 会議 👩‍👧").line == "\"Zoë 会議 👩‍👧\"")
    }
}
