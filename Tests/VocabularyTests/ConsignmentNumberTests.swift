import Testing
import Vocabulary

/// Ids as numbers, as very large tables keep them.
@Suite struct ConsignmentNumberTests {
    @Test("an id is the same after it was a number, with zeros at the front too")
    func roundTrip() throws {
        for milliseconds: Int64 in [0, 1, 1_763_808_942_123, 0xffff_ffff_ffff] {
            let id = ConsignmentID.make(at: Instant(milliseconds: milliseconds))
            #expect(ConsignmentID(number: id.number) == id)
        }
        let known = try ConsignmentID("00000000-0001-7000-8000-00000000000f")
        #expect(known.number == 0x0000_0000_0001_7000_8000_0000_0000_000f)
    }

    @Test("a number that is no UUID of version 7 is no id")
    func refused() {
        #expect(ConsignmentID(number: 0) == nil)
        #expect(ConsignmentID(number: .max) == nil)
    }
}
