import Testing
import Vocabulary

@testable import waybill

struct WordsTests {
    @Test(
        "sizes are told in the unit that fits",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (10_240, "10 KiB"), (1_048_576, "1 MiB"),
            (3_000_000, "2.8 MiB"), (4_294_967_296, "4 GiB"),
        ] as [(Int64, String)])
    func sizes(_ bytes: Int64, _ expected: String) {
        #expect(Words.bytes(bytes) == expected)
    }

    @Test("the greatest size is told too")
    func greatest() {
        #expect(Words.bytes(.max).hasSuffix("PiB") || Words.bytes(.max).hasSuffix("EiB"))
    }

    @Test("days left go down to nought on the last day and are negative after it")
    func days() throws {
        let now = try Instant("2026-11-22T10:00:00.000Z")
        #expect(Words.days(from: now, to: now.adding(seconds: 86_400)) == 1)
        #expect(Words.days(from: now, to: now.adding(seconds: 86_399)) == 0)
        #expect(Words.days(from: now, to: now.adding(seconds: -1)) == -1)
        #expect(Words.days(from: now, to: now.adding(seconds: -86_401)) == -2)
    }
}
