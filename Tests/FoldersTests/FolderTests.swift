import Folders
import Glibc
import Testing
import Vocabulary

@Suite("Folders and files")
struct FolderTests {
    let temp: TestFolder

    init() throws { temp = try TestFolder() }

    @Test("a path is made part by part with exactly its mode, and opened if it is there")
    func make() throws {
        let old = umask(0o077)
        defer { umask(old) }
        let made = try Folder.make(temp.path + "/a//b/c/", mode: 0o1770)
        #expect(try made.facts().mode == 0o1770)
        #expect(try temp.folder.subfolder(.of("a")).facts().mode == 0o1770)
        #expect(try Folder.make(temp.path + "/a/b/c", mode: 0o700).facts().inode == made.facts().inode)
        #expect(try made.facts().mode == 0o1770)
    }

    @Test("a file in the way of a folder is told as such")
    func fileInTheWay() throws {
        try temp.folder.put("a")
        #expect { try Folder.make(temp.path + "/a/b", mode: 0o700) } throws: { ($0 as? FileTrouble)?.errno == ENOTDIR }
    }

    @Test("entries are every name, byte by byte, twins and odd bytes among them")
    func entries() throws {
        let names = try [
            FileName.of("Zo\u{eb}"), .of("Zoe\u{308}"), .of("a\nb"), .of(String(repeating: "x", count: 255)),
            #require(FileName(bytes: [0xff, 0xfe])), .of("..."),
        ]
        for name in names { try temp.folder.put(name) }
        #expect(try Set(temp.folder.entries()) == Set(names))
        #expect(try temp.folder.entries().count == names.count)
    }

    @Test("entries are told a part at a time, each once, and the end is known", arguments: [1, 7, 100, 101, 1000])
    func parts(_ most: Int) throws {
        for number in 0..<100 { try temp.folder.put("\(number)") }
        var (names, position): ([FileName], Int?) = ([], 0)
        var looks = 0
        while let from = position {
            let (part, next) = try temp.folder.entries(from: from, atMost: most)
            #expect(part.count <= most)
            names += part
            position = next
            looks += 1
        }
        #expect(names.count == 100 && Set(names).count == 100)
        #expect(looks <= (100 + most - 1) / most + 1)
    }

    @Test("a rename that must not replace never does")
    func noReplace() throws {
        try temp.folder.put("new", "new")
        try temp.folder.put("old", "old")
        #expect {
            try temp.folder.rename(.of("new"), to: temp.folder, as: .of("old"), .noReplace)
        } throws: {
            ($0 as? FileTrouble)?.reason == .exists
        }
        #expect(try temp.folder.text("old") == "old")
        #expect(try temp.folder.text("new") == "new")
        try temp.folder.rename(.of("new"), to: temp.folder, as: .of("old"), .replace)
        #expect(try temp.folder.text("old") == "new")
    }

    @Test("a hundred renames to one name at once: one wins, none is lost")
    func noReplaceRace() async throws {
        let folder = temp.folder
        let target = try FileName.of("target")
        for i in 0..<100 { try folder.put("from-\(i)", "\(i)") }
        let wins = await withTaskGroup(of: Bool.self) { group in
            for i in 0..<100 {
                group.addTask {
                    (try? await Blocking.run {
                        try folder.rename(.of("from-\(i)"), to: folder, as: target, .noReplace)
                    }) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
        #expect(try folder.entries().count == 100)
    }

    @Test("a folder that was removed under us is missing, not empty")
    func removedFolder() throws {
        let a = try temp.sub("a")
        #expect(try a.entries().isEmpty)
        try Disk.remove(temp.path + "/a")
        #expect { try a.entries() } throws: { ($0 as? FileTrouble)?.reason == .missing }
    }

    @Test("looking does not follow links, and what is not there is nil")
    func lookup() throws {
        try Disk.symlink(to: "/etc/passwd", at: temp.path + "/link")
        #expect(try temp.folder.lookup(.of("link"))?.kind == .symlink)
        #expect(try temp.folder.lookup(.of("nothing")) == nil)
    }

    @Test("a link is not opened, neither as a file nor as a folder")
    func linksRefused() throws {
        try Disk.symlink(to: "/etc/passwd", at: temp.path + "/file")
        try Disk.symlink(to: "/etc", at: temp.path + "/folder")
        #expect { _ = try FileHandle(.of("file"), in: temp.folder, .read) } throws: {
            ($0 as? FileTrouble)?.errno == ELOOP
        }
        #expect(throws: FileTrouble.self) { try temp.folder.subfolder(.of("folder")) }
    }

    @Test("what was written is read back, at any offset and past the end")
    func readAndWrite() throws {
        let file = try FileHandle(.of("a"), in: temp.folder, .create(mode: 0o600))
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try file.write(bytes, at: 0)
        try file.write(bytes, at: 300_000)
        try file.sync()
        #expect(try file.read(400_000, at: 100_000) == Array((bytes + bytes)[100_000..<500_000]))
        #expect(try file.read(10, at: 599_995).count == 5)
        #expect(try file.read(10, at: 600_000).isEmpty)
        try file.truncate(to: 7)
        #expect(try file.read(10, at: 0) == Array(bytes.prefix(7)))
    }

    @Test("reserving keeps the size and takes the space")
    func reserve() throws {
        let file = try FileHandle(.of("a"), in: temp.folder, .create(mode: 0o600))
        try file.reserve(8 << 20)
        try file.reserve(0)
        #expect(try file.facts().size == 0)
        #expect(try Disk.allocated(temp.path + "/a") >= 8 << 20)
    }

    @Test("reserving more than the disk holds is full")
    func reserveTooMuch() throws {
        let file = try FileHandle(.of("a"), in: temp.folder, .create(mode: 0o600))
        let free = try DiskSpace.free(at: temp.folder)
        #expect(free > 0)
        try #require(free < 1 << 50)
        // Found out beforehand: to try it would fill the disk under everybody else.
        #expect { try file.reserve(free + (1 << 50)) } throws: { ($0 as? FileTrouble)?.reason == .full }
        #expect(try Disk.allocated(temp.path + "/a") == 0)
    }

    @Test("mode and group are as asked for, whatever the umask")
    func modeAndGroup() throws {
        let file = try FileHandle(.of("a"), in: temp.folder, .create(mode: 0o600))
        try file.setMode(0o664)
        let group = try #require(Group(named: "root"))
        #expect(group.id == 0)
        #expect(Group(named: "no-such-group-here") == nil)
        try file.setGroup(Group(id: getegid()))
        #expect(try file.facts().mode == 0o664)
        #expect(try file.facts().group == getegid())
    }

    @Test("troubles are sorted by what to do")
    func troubles() {
        let table: [(Int32, FileTrouble.Reason)] = [
            (ENOENT, .missing), (EACCES, .notPermitted), (EPERM, .notPermitted), (EEXIST, .exists), (ENOSPC, .full),
            (EDQUOT, .full), (EROFS, .readOnly), (EIO, .other(EIO)), (EXDEV, .other(EXDEV)),
        ]
        for (errno, reason) in table { #expect(FileTrouble("test", errno: errno).reason == reason) }
        #expect(
            "\(FileTrouble("rename a file", errno: ENOSPC))"
                == "could not rename a file: No space left on device (errno 28); "
                + "free space on this disk or raise the quota"
        )
    }

    @Test("no trouble tells a name")
    func troublesTellNothing() throws {
        do {
            _ = try FileHandle(.of("Amy Smith.pdf"), in: temp.folder, .read)
            Issue.record("a file that is not there was opened")
        } catch let error as FileTrouble {
            #expect(error.reason == .missing)
            #expect(!"\(error)".contains("Amy") && !String(reflecting: error).contains("Amy"))
        }
    }

    @Test("blocking work runs beside itself and its errors come back")
    func blocking() async throws {
        #expect(try await Blocking.run { 7 } == 7)
        await #expect(throws: FileTrouble.self) { try await Blocking.run { throw FileTrouble("test", errno: EIO) } }
    }

    @Test("the boot clock goes forward and the wall clock is in this century")
    func clocks() {
        let before = BootClock.now()
        #expect(before > 0)
        #expect(BootClock.now() >= before)
        #expect(WallClock.now().description.hasPrefix("20"))
    }
}
