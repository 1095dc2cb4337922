import Premises
import Testing
import Vocabulary

struct IDTextTests {
    let id: ConsignmentID

    init() throws { id = try ConsignmentID("01a20338-c0d2-72c3-a643-cebdd4566b78") }

    @Test("a whole id means itself, in either case")
    func whole() {
        #expect(IDText("01a20338-c0d2-72c3-a643-cebdd4566b78") == .whole(id))
        #expect(IDText("01A20338-C0D2-72C3-A643-CEBDD4566B78") == .whole(id))
    }

    @Test(
        "eight characters of the beginning or the end are enough, hyphens or not",
        arguments: [
            "01a20338", "01a20338-c0d2", "01a20338c0d272", "d4566b78", "a643-cebdd4566b78", "CEBDD4566B78",
            "…cebdd4566b78",
        ])
    func part(_ typed: String) throws {
        #expect(try #require(IDText(typed)).matches(id))
    }

    @Test("the middle of an id is not enough", arguments: ["c0d272c3", "72c3-a643"])
    func middle(_ typed: String) throws {
        #expect(try !#require(IDText(typed)).matches(id))
    }

    @Test(
        "too little, too much and what is not hexadecimal is no id",
        arguments: ["", "01a2033", "cebdd45g", "minutes.pdf", "-------", "01a20338-c0d2-72c3-a643-cebdd4566b780"])
    func not(_ typed: String) {
        #expect(IDText(typed) == nil)
    }
}
