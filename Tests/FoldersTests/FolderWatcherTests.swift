import Glibc
import Testing

@testable import Folders

@Suite("Watching folders", .timeLimit(.minutes(5)))
struct FolderWatcherTests {
    let temp: TestFolder

    init() throws { temp = try TestFolder() }

    /// Hints until one is the wanted one or some were lost.
    private func hints(of watcher: FolderWatcher, until last: FolderHint) async -> [FolderHint] {
        var all: [FolderHint] = []
        for await batch in watcher.hints {
            all += batch
            if batch.contains(last) || batch.contains(.overflow) { break }
        }
        return all
    }

    @Test("a rename into the folder and a close after writing are told, with the folder's id")
    func hints() async throws {
        let (a, b) = (try temp.sub("a"), try temp.sub("b"))
        let watcher = try FolderWatcher()
        #expect(watcher.watch(a, id: 7) == nil)
        #expect(watcher.watch(b, id: 8) == nil)
        try temp.folder.put("new")
        try temp.folder.rename(.of("new"), to: a, as: .of("Zo\u{eb}"), .noReplace)
        try b.put("written")
        let last = FolderHint(folder: 8, name: try .of("written"), kind: .closedAfterWriting)
        let first = FolderHint(folder: 7, name: try .of("Zo\u{eb}"), kind: .movedIn)
        #expect(await hints(of: watcher, until: last) == [first, last])
    }

    @Test("every rename has its hint")
    func latency() async throws {
        let watcher = try FolderWatcher()
        #expect(watcher.watch(temp.folder, id: 0) == nil)
        for i in 0..<50 {
            try temp.folder.put(".new")
            try temp.folder.rename(.of(".new"), to: temp.folder, as: .of("f\(i)"), .noReplace)
            let hint = FolderHint(folder: 0, name: try .of("f\(i)"), kind: .movedIn)
            #expect(await hints(of: watcher, until: hint).last == hint)
        }
    }

    @Test("a rename inside the folder is told apart from one out of another watched folder")
    func renamesInside() async throws {
        let (a, b) = (try temp.sub("a"), try temp.sub("b"))
        let watcher = try FolderWatcher()
        #expect(watcher.watch(a, id: 1) == nil)
        #expect(watcher.watch(b, id: 2) == nil)
        for name in ["New Document.docx", "other", "x.part"] { try a.put(name) }
        try a.rename(.of("New Document.docx"), to: a, as: .of("Case note.docx"), .noReplace)
        try a.rename(.of("other"), to: b, as: .of("other"), .noReplace)
        try a.rename(.of("x.part"), to: a, as: .of("x"), .noReplace)
        let last = FolderHint(folder: 1, name: try .of("x"), kind: .movedIn)
        let told = await hints(of: watcher, until: last).filter { $0.kind != .closedAfterWriting }
        let inside = FolderHint(folder: 1, name: try .of("Case note.docx"), kind: .renamedInside)
        #expect(told == [inside, FolderHint(folder: 2, name: try .of("other"), kind: .movedIn), last])
    }

    @Test("after lost events a rename without its first half is not believed to come from elsewhere")
    func lostHalves() throws {
        var renames = RenamesInside()
        let event = InotifyEvent(watch: 1, mask: UInt32(IN_MOVED_TO), cookie: 7, name: try .of("a"))
        #expect(renames.judge(event, .movedIn) == .movedIn)
        renames.lostEvents()
        #expect(renames.judge(event, .movedIn) == .renamedInside)
    }

    @Test("a folder that is removed or moved away says so")
    func folderGone() async throws {
        let watcher = try FolderWatcher()
        #expect(watcher.watch(try temp.sub("a"), id: 4) == nil)
        try Disk.remove(temp.path + "/a")
        let gone = FolderHint(folder: 4, name: nil, kind: .folderGone)
        #expect(await hints(of: watcher, until: gone).contains(gone))
        #expect(watcher.watch(try temp.sub("b"), id: 5) == nil)
        try Disk.rename(temp.path + "/b", temp.path + "/c")
        let moved = FolderHint(folder: 5, name: nil, kind: .folderGone)
        #expect(await hints(of: watcher, until: moved).contains(moved))
    }

    @Test("stopping ends the stream")
    func stop() async throws {
        let watcher = try FolderWatcher()
        #expect(watcher.watch(temp.folder, id: 0) == nil)
        watcher.stop()
        for await _ in watcher.hints {}
    }

    @Test("ten thousand renames: every one is told, or that some were lost")
    func flood() async throws {
        let (a, b) = (try temp.sub("a"), try temp.sub("b"))
        let watcher = try FolderWatcher()
        #expect(watcher.watch(b, id: 0) == nil)
        for i in 0..<10_000 { try a.put("f\(i)", "") }
        for i in 0..<10_000 { try a.rename(.of("f\(i)"), to: b, as: .of("f\(i)"), .noReplace) }
        try b.put("last")
        let last = FolderHint(folder: 0, name: try .of("last"), kind: .closedAfterWriting)
        let all = await hints(of: watcher, until: last)
        #expect(all.contains(.overflow) || Set(all.filter { $0.kind == .movedIn }.map(\.name)).count == 10_000)
    }
}

@Suite("Batches of hints")
struct HintBatchesTests {
    private func hint(_ number: Int) -> FolderHint { FolderHint(folder: number, name: nil, kind: .movedIn) }

    @Test("what gathered comes as one batch, in order")
    func gathered() async {
        let batches = HintBatches()
        for i in 0..<100 { batches.add([hint(i)]) }
        batches.finish()
        var iterator = batches.makeAsyncIterator()
        #expect(await iterator.next() == (0..<100).map(hint))
        #expect(await iterator.next() == nil)
    }

    @Test("too many become an overflow, and what follows is told again")
    func overflow() async {
        let batches = HintBatches()
        batches.add((0..<HintBatches.limit).map(hint))
        batches.add([hint(1)])
        batches.add([hint(2)])
        var iterator = batches.makeAsyncIterator()
        #expect(await iterator.next() == [.overflow, hint(2)])
    }
}

@Suite("inotify events")
struct InotifyEventTests {
    private func bytes(watch: Int32, mask: UInt32, _ name: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in [UInt32(bitPattern: watch), mask, 0, UInt32(name.count)] {
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
        }
        return bytes + name
    }

    @Test("events are taken apart, padded names too")
    func parse() throws {
        let first = bytes(watch: 1, mask: 0x80, Array("a.pdf".utf8) + [0, 0, 0])
        let second = bytes(watch: 2, mask: 0x8, [0xff, 0])
        let events = InotifyEvent.parse((first + second)[...])
        #expect(events.map(\.watch) == [1, 2])
        #expect(events.map(\.kind) == [.movedIn, .closedAfterWriting])
        #expect(events.map(\.name) == [FileName("a.pdf"), FileName(bytes: [0xff])])
    }

    @Test("a queue that overflowed says so")
    func overflow() {
        let events = InotifyEvent.parse(bytes(watch: -1, mask: 0x4000, [])[...])
        #expect(events == [InotifyEvent(watch: -1, mask: 0x4000, cookie: 0, name: nil)])
        #expect(events.first?.kind == .overflow)
    }

    @Test("half an event is not an event", arguments: 0..<24)
    func half(_ count: Int) {
        let whole = bytes(watch: 1, mask: 0x80, Array("abcdefg".utf8) + [0])
        #expect(InotifyEvent.parse(whole.prefix(count)).isEmpty)
        #expect(InotifyEvent.parse(whole[...]).count == 1)
    }

    @Test("other events mean nothing to us")
    func others() {
        #expect(InotifyEvent(watch: 1, mask: 0x8000, cookie: 0, name: nil).kind == nil)
    }
}

@Suite("Watching what leaves a folder", .timeLimit(.minutes(5)))
struct DepartureTests {
    let temp: TestFolder

    init() throws { temp = try TestFolder() }

    private func hints(of watcher: FolderWatcher, until last: FolderHint) async -> [FolderHint] {
        var all: [FolderHint] = []
        for await batch in watcher.hints {
            all += batch
            if batch.contains(last) || batch.contains(.overflow) { break }
        }
        return all
    }

    @Test("a rename out of the folder and a removal are told; arrivals and listings are not")
    func departures() async throws {
        let (a, b) = (try temp.sub("a"), try temp.sub("b"))
        let watcher = try FolderWatcher()
        #expect(watcher.watch(a, id: 3, for: .departures) == nil)
        for name in ["one", "two"] { try a.put(name) }
        _ = try a.entries()
        _ = try FileHandle(.of("one"), in: a, .read).facts()
        try a.rename(.of("one"), to: b, as: .of("one"), .noReplace)
        try a.remove(.of("two"))
        let moved = FolderHint(folder: 3, name: try .of("one"), kind: .movedOut)
        let removed = FolderHint(folder: 3, name: try .of("two"), kind: .removed)
        #expect(await hints(of: watcher, until: removed) == [moved, removed])
    }

    @Test("a program that opens a file is told where that is wanted; looking at its size is no opening")
    func openings() async throws {
        let a = try temp.sub("a")
        try a.put("read")
        try a.put("last")
        let watcher = try FolderWatcher()
        #expect(watcher.watch(a, id: 3, for: .departuresAndOpenings) == nil)
        _ = try a.lookup(.of("read"))
        _ = try a.entries()
        _ = try FileHandle(.of("read"), in: a, .read).facts()
        try a.remove(.of("last"))
        let opened = FolderHint(folder: 3, name: try .of("read"), kind: .opened)
        let last = FolderHint(folder: 3, name: try .of("last"), kind: .removed)
        #expect(await hints(of: watcher, until: last) == [opened, last])
    }
}
