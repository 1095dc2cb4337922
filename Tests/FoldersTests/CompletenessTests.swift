import Folders
import Testing

@Suite("Complete files")
struct CompletenessTests {
    static func stamp(inode: UInt64 = 1, size: Int64 = 10, modified: Int64 = 100, changed: Int64 = 100) -> FileStamp {
        FileStamp(device: 1, inode: inode, size: size, modified: modified, changed: changed)
    }

    @Test("a file is complete when it has stood still for the settle time, not a nanosecond before")
    func settles() throws {
        var rule = Completeness(settle: 2 * second)
        let name = try FileName.of("a")
        #expect(rule.saw(name, Self.stamp(), at: 5) == .waiting(until: 2 * second + 5))
        #expect(rule.saw(name, Self.stamp(), at: 2 * second + 4) == .waiting(until: 2 * second + 5))
        #expect(rule.nextDue(after: 6) == 2 * second + 5)
        #expect(rule.saw(name, Self.stamp(), at: 2 * second + 5) == .complete)
        #expect(rule.nextDue(after: 2 * second + 5) == nil)
    }

    @Test(
        "any change starts the wait again",
        arguments: [stamp(inode: 2), stamp(size: 11), stamp(modified: 101), stamp(changed: 101)])
    func changes(_ other: FileStamp) throws {
        var rule = Completeness(settle: 10)
        let name = try FileName.of("a")
        _ = rule.saw(name, Self.stamp(), at: 0)
        #expect(rule.saw(name, other, at: 10) == .waiting(until: 20))
    }

    @Test("a file renamed into place is complete at once, and stays so if another look comes first")
    func movedIn() throws {
        var rule = Completeness(settle: 10)
        let name = try FileName.of("a")
        #expect(rule.saw(name, Self.stamp(), at: 0) == .waiting(until: 10))
        #expect(rule.saw(name, Self.stamp(), .movedIn, at: 1) == .complete)
        #expect(rule.saw(name, Self.stamp(), at: 2) == .complete)
    }

    @Test("a file renamed into place and then changed has to settle")
    func movedInThenChanged() throws {
        var rule = Completeness(settle: 10)
        let name = try FileName.of("a")
        _ = rule.saw(name, Self.stamp(), .movedIn, at: 0)
        #expect(rule.saw(name, Self.stamp(size: 11), at: 1) == .waiting(until: 11))
    }

    @Test("a writer that the kernel knows starts the wait again, after a rename too")
    func writer() throws {
        var rule = Completeness(settle: 10)
        let name = try FileName.of("a")
        _ = rule.saw(name, Self.stamp(), .movedIn, at: 0)
        rule.stillWritten(name, at: 5)
        #expect(rule.saw(name, Self.stamp(), at: 6) == .waiting(until: 15))
        #expect(rule.saw(name, Self.stamp(), at: 15) == .complete)
    }

    @Test("a name that went away and came back with the same stamp starts anew")
    func forgotten() throws {
        var rule = Completeness(settle: 10)
        let (a, b) = (try FileName.of("a"), try FileName.of("b"))
        _ = rule.saw(a, Self.stamp(), at: 0)
        _ = rule.saw(b, Self.stamp(), at: 0)
        rule.keep(only: [b])
        #expect(rule.saw(a, Self.stamp(), at: 10) == .waiting(until: 20))
        #expect(rule.saw(b, Self.stamp(), at: 10) == .complete)
    }

    @Test("twins in two Unicode forms settle apart")
    func twins() throws {
        var rule = Completeness(settle: 10)
        _ = rule.saw(try .of("Zo\u{eb}"), Self.stamp(inode: 1), at: 0)
        #expect(rule.saw(try .of("Zoe\u{308}"), Self.stamp(inode: 1), at: 10) == .waiting(until: 20))
    }

    @Test("a rename inside the folder settles in full, also where another sign came before")
    func renamedInside() throws {
        var rule = Completeness(settle: 10)
        let name = try FileName.of("Case note.docx")
        #expect(rule.saw(name, Self.stamp(), .renamedInside, at: 3) == .waiting(until: 13))
        #expect(rule.saw(name, Self.stamp(), at: 4) == .waiting(until: 13))
        #expect(rule.saw(name, Self.stamp(), .renamedInside, at: 9) == .waiting(until: 19))
    }

    @Test("an empty file settles long, however it came", arguments: [Completeness.Sign.seen, .movedIn, .closed])
    func emptyFile(_ sign: Completeness.Sign) throws {
        var rule = Completeness(settle: 10)
        #expect(rule.saw(try .of("a"), Self.stamp(size: 0), sign, at: 0) == .waiting(until: 60))
    }

    @Test("whoever closes a file and comes back to it gets longer each time, up to six times the settle time")
    func comesBack() throws {
        var rule = Completeness(settle: 5 * second)
        let name = try FileName.of("scan_0001.pdf")
        var waits: [Int64] = []
        for page in 0..<6 {
            let now = Int64(page) * 7 * second / 2
            let verdict = rule.saw(name, Self.stamp(size: 100 + Int64(page)), .closed, at: now)
            guard case .waiting(let until) = verdict else { throw TestTrouble("half a scan is complete") }
            waits.append((until - now) / second)
        }
        #expect(waits == [5, 10, 20, 30, 30, 30])
        rule.forget(name)
        #expect(rule.saw(name, Self.stamp(), .closed, at: 0) == .waiting(until: 5 * second))
    }

    @Test("two closes in one breath are one program; a change after a pause is somebody who came back")
    func breath() throws {
        var rule = Completeness(settle: 10)
        let (a, b) = (try FileName.of("a"), try FileName.of("b"))
        _ = rule.saw(a, Self.stamp(), .closed, at: 0)
        #expect(rule.saw(a, Self.stamp(size: 11), .closed, at: 1) == .waiting(until: 11))
        for now: Int64 in [0, 6] { _ = rule.saw(b, Self.stamp(), at: now) }
        #expect(rule.saw(b, Self.stamp(size: 11), at: 8) == .waiting(until: 28))
    }

    @Test("a settle time of nothing takes files as they are seen")
    func noSettle() throws {
        var rule = Completeness(settle: 0)
        #expect(rule.saw(try .of("a"), Self.stamp(), at: 3) == .complete)
    }
}
