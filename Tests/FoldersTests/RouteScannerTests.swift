import Folders
import Glibc
import Testing

@Suite("Scanning a route")
struct RouteScannerTests {
    let temp: TestFolder
    let settle = 2 * second

    init() throws { temp = try TestFolder() }

    private func scanner(_ rule: RouteScanner.SidecarRule = .optional) -> RouteScanner {
        RouteScanner(temp.folder, settle: settle, sidecars: rule)
    }

    private func ready(_ scan: RouteScan) -> [String?] { scan.ready.map(\.name.text) }

    @Test("files settle, hidden and unfinished ones are passed over, what cannot be sent is told")
    func scan() throws {
        for name in ["a.pdf", ".hidden", "~tmp", "b.part", "Zo\u{eb}", "Zoe\u{308}"] { try temp.folder.put(name) }
        try temp.folder.put(try #require(FileName(bytes: [0xff])))
        _ = try temp.sub("folder")
        try Disk.symlink(to: "a.pdf", at: temp.path + "/link")
        var scanner = scanner()
        let first = try scanner.scan(at: 0)
        #expect(first.ready.isEmpty)
        #expect(first.waiting == 3)
        #expect(Set(first.problems.map(\.problem)) == [.notUTF8, .folder, .symlink])
        #expect(scanner.nextDue(after: 0) == settle)
        #expect(try scanner.scan(at: settle).ready.count == 3)
    }

    @Test("the oldest comes first")
    func order() throws {
        for name in ["c", "a", "b"] {
            try temp.folder.put(name)
            usleep(20_000)
        }
        var scanner = scanner()
        _ = try scanner.scan(at: 0)
        #expect(ready(try scanner.scan(at: settle)) == ["c", "a", "b"])
    }

    @Test("a file that grows starts its wait again")
    func growing() throws {
        try temp.folder.put("a")
        var scanner = scanner()
        _ = try scanner.scan(at: 0)
        try FileHandle(.of("a"), in: temp.folder, .readWrite).write([1], at: 100)
        #expect(try scanner.scan(at: settle).waiting == 1)
        #expect(ready(try scanner.scan(at: 2 * settle)) == ["a"])
    }

    @Test("a file renamed into place is ready at once by a hint, a closed one waits")
    func hints() throws {
        try temp.folder.put("moved")
        try temp.folder.put("closed")
        var scanner = scanner()
        #expect(ready(try scanner.look(at: .of("moved"), .movedIn, at: 5)) == ["moved"])
        #expect(try scanner.look(at: .of("closed"), .seen, at: 5).waiting == 1)
        #expect(scanner.nextDue(after: 5) == settle + 5)
        #expect(ready(try scanner.look(at: .of("closed"), .seen, at: settle + 5)) == ["closed"])
        let gone = try scanner.look(at: .of("nothing"), .movedIn, at: 5)
        #expect(gone.ready.isEmpty && gone.waiting == 0 && gone.problems.isEmpty)
    }

    @Test("a rename during the scans loses nothing")
    func renameDuringScans() async throws {
        let folder = temp.folder
        async let dropping: Void = Blocking.run {
            for i in 0..<500 {
                try folder.put(".new")
                try folder.rename(.of(".new"), to: folder, as: .of("f\(i)"), .noReplace)
            }
        }
        var scanner = RouteScanner(folder, settle: 0, sidecars: .optional)
        for now in 0..<20 { _ = try scanner.scan(at: Int64(now)) }
        try await dropping
        #expect(try scanner.scan(at: 100).ready.count == 500)
    }

    @Test("an office program's mark beside a file keeps it")
    func ownerMarks() throws {
        for name in ["strategy.docx", "~$rategy.docx", "b.ods", ".~lock.b.ods#", "c.xlsx", "~$c.xlsx", "d.pdf"] {
            try temp.folder.put(name)
        }
        var scanner = scanner()
        _ = try scanner.scan(at: 0)
        let scan = try scanner.scan(at: settle)
        #expect(ready(scan) == ["d.pdf"])
        #expect(scan.problems.map(\.problem) == [.openInEditor, .openInEditor, .openInEditor])
        #expect(try scanner.look(at: .of("c.xlsx"), .movedIn, at: settle).problems.map(\.problem) == [.openInEditor])
    }

    @Test("Word's lock file is known whatever it left of the name, and is named")
    func wordMarks() throws {
        for name in [
            "minutes.docx", "~$inutes.docx", "\u{c9}lise-visit.docx", "~$ise-visit.docx", "E\u{301}va.docx",
            "~$va.docx",
        ] {
            try temp.folder.put(name)
        }
        var scanner = scanner()
        _ = try scanner.scan(at: 0)
        let scan = try scanner.scan(at: settle)
        #expect(scan.ready.isEmpty)
        #expect(Set(scan.problems.map { $0.mark?.text }) == ["~$inutes.docx", "~$ise-visit.docx", "~$va.docx"])
    }

    @Test("what a transfer program says is incomplete waits, and so does the empty place that a browser keeps")
    func transferMarks() throws {
        for name in ["big.mp4", "big.mp4.aria2", "card.pdf", "card.pdf.part"] { try temp.folder.put(name) }
        try temp.folder.put("place.pdf", "")
        try temp.folder.put("place.pdf.part", "half")
        var scanner = scanner()
        _ = try scanner.scan(at: 0)
        let scan = try scanner.scan(at: 6 * settle)
        #expect(ready(scan) == ["card.pdf"])
        #expect(scan.problems.map { $0.name.text }.sorted { ($0 ?? "") < ($1 ?? "") } == ["big.mp4", "place.pdf"])
        #expect(scan.problems.allSatisfy { $0.problem == .arriving })
    }

    @Test("what is never taken is told by its kind, and our notes apart from a person's file of such a name")
    func untaken() throws {
        for name in ["Thumbs.db", "a.pdf:Zone.Identifier", "b~", ".t"] { try temp.folder.put(name) }
        try temp.folder.put("a.not-sent.txt", OurNote.firstLine + "\n")
        try temp.folder.put("why it was not-sent.txt")
        try temp.folder.put("theirs.not-sent.txt", "NOT SENT, says Ann")
        var scanner = scanner()
        _ = try scanner.scan(at: 0)
        let scan = try scanner.scan(at: settle)
        #expect(Set(ready(scan)) == ["why it was not-sent.txt", "theirs.not-sent.txt"])
        #expect(scan.notes.map(\.text) == ["a.not-sent.txt"])
        #expect(
            Set(scan.untaken.map { "\($0.name.text ?? "") \($0.kind)" })
                == ["Thumbs.db litter", "a.pdf:Zone.Identifier stream", "b~ leftover", ".t hidden"])
    }

    @Test("an empty file settles six times as long")
    func empty() throws {
        try temp.folder.put("New Microsoft Word Document.docx", "")
        var scanner = scanner()
        _ = try scanner.scan(at: 0)
        #expect(try scanner.scan(at: 6 * settle - 1).waiting == 1)
        #expect(try scanner.scan(at: 6 * settle).ready.count == 1)
    }

    @Test("a side-car goes with its file and makes it wait until both stand still")
    func sidecars() throws {
        try temp.folder.put("a.pdf")
        var scanner = scanner()
        _ = try scanner.scan(at: 0)
        try temp.folder.put("a.pdf.label.yaml")
        #expect(try scanner.scan(at: settle).waiting == 1)
        let scan = try scanner.scan(at: 2 * settle)
        #expect(ready(scan) == ["a.pdf"])
        #expect(scan.ready.first?.sidecar?.name == (try .of("a.pdf.label.yaml")))
        #expect(scan.problems.isEmpty)
    }

    @Test("a side-car alone, two side-cars and a missing one are told")
    func sidecarProblems() throws {
        for name in ["alone.label.json", "b", "b.label.yaml", "b.label.json", "c"] { try temp.folder.put(name) }
        var scanner = scanner(.required)
        #expect(try scanner.scan(at: 0).problems.isEmpty)
        let problems = try scanner.scan(at: settle).problems.map { "\($0.name.text ?? "") \($0.problem)" }
        #expect(problems.sorted() == ["alone.label.json sidecarAlone", "b twoSidecars", "c sidecarMissing"])
    }

    @Test("the side-car's arrival makes a waiting file ready by hint")
    func sidecarHint() throws {
        try temp.folder.put("a")
        var scanner = scanner(.required)
        #expect(try scanner.look(at: .of("a"), .movedIn, at: 0).problems.map(\.problem) == [.sidecarMissing])
        try temp.folder.put("a.label.yaml")
        #expect(ready(try scanner.look(at: .of("a.label.yaml"), .movedIn, at: 1)) == ["a"])
    }

    @Test("a writer found at the claim makes the file settle again")
    func writer() throws {
        try temp.folder.put("a")
        var scanner = scanner()
        #expect(ready(try scanner.look(at: .of("a"), .movedIn, at: 0)) == ["a"])
        scanner.stillWritten(try .of("a"), at: 1)
        #expect(try scanner.scan(at: 2).waiting == 1)
        #expect(ready(try scanner.scan(at: settle + 1)) == ["a"])
    }

    /// Time that this thread has worked, so that what else the machine does plays no part.
    private func worked() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * second + Int64(time.tv_nsec)
    }

    @Test("ten thousand files are scanned with less than a second of work, even in a debug build")
    func tenThousand() throws {
        for i in 0..<10_000 { try temp.folder.put("file-\(i).pdf", "1") }
        var scanner = scanner()
        let start = worked()
        #expect(try scanner.scan(at: 0).waiting == 10_000)
        let middle = worked()
        #expect(try scanner.scan(at: settle).ready.count == 10_000)
        let end = worked()
        print("10,000 files: first scan \((middle - start) / 1_000_000) ms, second \((end - middle) / 1_000_000) ms")
        #expect(end - middle < second)
    }
}
