import Folders
import Glibc
import Testing

@Suite("Durable files")
struct DurableFileTests {
    let temp: TestFolder

    init() throws { temp = try TestFolder() }

    @Test("a file is written whole, with its mode, and nothing else stays", arguments: [true, false])
    func write(_ synced: Bool) throws {
        let old = umask(0o077)
        defer { umask(old) }
        try DurableFile.write(
            Array("note".utf8), to: temp.folder, .of("a"), mode: 0o640, synced ? .synced : .unsynced)
        #expect(try temp.folder.names() == ["a"])
        #expect(try temp.folder.text("a") == "note")
        #expect(try temp.folder.lookup(.of("a"))?.mode == 0o640)
    }

    @Test("an old file is replaced, unless that was forbidden")
    func replace() throws {
        try temp.folder.put("a", "old")
        #expect {
            try DurableFile.write([1], to: temp.folder, .of("a"), mode: 0o600, clash: .noReplace)
        } throws: {
            ($0 as? FileTrouble)?.reason == .exists
        }
        #expect(try temp.folder.text("a") == "old")
        try DurableFile.write(Array("new".utf8), to: temp.folder, .of("a"), mode: 0o600)
        #expect(try temp.folder.text("a") == "new")
        #expect(try temp.folder.names() == ["a"])
    }

    @Test("a write that fails leaves no temporary file")
    func failure() throws {
        _ = try temp.sub("a")
        #expect(throws: FileTrouble.self) {
            try DurableFile.write([1], to: temp.folder, .of("a"), mode: 0o600)
        }
        #expect(try temp.folder.names() == ["a"])
    }

    @Test("a disk that takes no more leaves no temporary file")
    func full() async {
        // A limit on the size of files stands in for the full disk; it holds for the child only.
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let temp = try TestFolder()
            #expect {
                try DurableFile.write([UInt8](repeating: 1, count: 8192), to: temp.folder, .of("a"), mode: 0o600)
            } throws: {
                ($0 as? FileTrouble)?.reason == .other(EFBIG)
            }
            #expect(try temp.folder.names().isEmpty)
        }
    }

    @Test("reading stops at its bound")
    func bound() throws {
        try temp.folder.put("a", "12345")
        #expect(try DurableFile.read(.of("a"), in: temp.folder, atMost: 5) == Array("12345".utf8))
        #expect {
            try DurableFile.read(.of("a"), in: temp.folder, atMost: 4)
        } throws: {
            ($0 as? FileTrouble)?.reason == .other(EFBIG)
        }
        #expect {
            try DurableFile.read(.of("b"), in: temp.folder, atMost: 4)
        } throws: {
            ($0 as? FileTrouble)?.reason == .missing
        }
    }

    @Test("a FIFO in place of a file is refused without waiting for its other end", .timeLimit(.minutes(5)))
    func fifo() throws {
        try Disk.fifo(temp.path + "/a")
        #expect {
            try DurableFile.read(.of("a"), in: temp.folder, atMost: 4)
        } throws: {
            ($0 as? FileTrouble)?.reason == .other(EINVAL)
        }
    }
}
