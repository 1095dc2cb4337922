import Testing
import Vocabulary

@Suite struct IdentifierTests {
    @Test("ids of agencies are safe as folder names", arguments: ["redcar", "cleveland-police", "a1"])
    func agency(_ text: String) throws {
        #expect(try AgencyID(text).text == text)
    }

    @Test(
        "what could be a path, a flag or another alphabet is no agency id",
        arguments: [
            "", "a", "../etc", "a/b", "-a", "a-", "a--b", "1a", "Redcar", "réd", "a b", "a\n", "a.b",
            "a23456789012345678901234567890123456789012",
        ])
    func noAgency(_ text: String) {
        #expect(throws: Malformed.self) { try AgencyID(text) }
    }

    @Test("a new consignment id is a UUID of version 7 that carries its millisecond")
    func consignment() throws {
        let now = Instant(milliseconds: 1_763_808_942_123)
        let ids = (0..<1000).map { _ in ConsignmentID.make(at: now) }
        #expect(Set(ids).count == 1000)
        let hex = ids[0].text.filter { $0 != "-" }
        #expect(Int64(hex.prefix(12), radix: 16) == now.milliseconds)
        #expect(try ConsignmentID(ids[0].text) == ids[0])
        #expect(ids[0].bytes.count == 16)
    }

    @Test(
        "other UUIDs, other cases and paths are no consignment id",
        arguments: [
            "0199f0c0-0000-4000-8000-000000000000", "0199F0C0-0000-7000-8000-000000000000", "../../etc/passwd",
            "0199f0c0-0000-7000-c000-000000000000", "0199f0c000007000800000000000000000000",
            "0199f0c0-0000-7000-8000-00000000000g", "",
        ])
    func noConsignment(_ text: String) {
        #expect(throws: Malformed.self) { try ConsignmentID(text) }
    }

    @Test("hexadecimal has one spelling")
    func hex() {
        #expect(Hex.encode([0, 255, 16]) == "00ff10")
        #expect(Hex.decode("00ff10") == [0, 255, 16])
        #expect(Hex.decode("00FF10") == nil)
        #expect(Hex.decode("0") == nil)
    }
}
