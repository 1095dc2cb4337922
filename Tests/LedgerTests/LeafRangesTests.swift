import Ledger
import Testing
import Vocabulary

/// Which leaves an erasure names.
@Suite struct LeafRangesTests {
    @Test("numbers in any order become ranges that are ascending and apart")
    func joined() {
        let ranges = LeafRanges([7, 3, 4, 5, 4, 9, 8])
        #expect(ranges.ranges == [3...5, 7...9])
        #expect((0..<12).filter(ranges.contains) == [3, 4, 5, 7, 8, 9])
        #expect(LeafRanges(joining: [LeafRanges([9, 10]), ranges, LeafRanges([6])]).ranges == [3...10])
        #expect(LeafRanges().isEmpty && !LeafRanges().contains(0))
    }

    @Test("what is left without another is told range by range")
    func without() {
        let missing = LeafRanges([1, 2, 3, 4, 5, 8, 9, 20])
        #expect(missing.subtracting(LeafRanges()) == [1...5, 8...9, 20...20])
        #expect(missing.subtracting(LeafRanges([3, 8, 9, 10])) == [1...2, 4...5, 20...20])
        #expect(missing.subtracting(LeafRanges(0..<30)) == [])
    }

    @Test("ranges go through JSON and come back")
    func json() throws {
        let ranges = LeafRanges([0, 1, 2, 40])
        #expect(ranges.json.text == "[[0,2],[40,40]]")
        #expect(try LeafRanges(ranges.json) == ranges)
    }

    @Test(
        "what is not ascending and apart is refused",
        arguments: ["{}", "[[2,1]]", "[[1,2],[3,4]]", "[[5,6],[1,2]]", "[[-1,2]]", "[[1]]", "[1]", "[[1,2,3]]"])
    func refused(text: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        #expect(throws: Malformed.self) { try LeafRanges(json) }
    }
}
