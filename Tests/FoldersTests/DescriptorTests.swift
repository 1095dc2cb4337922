@testable import Folders
import Glibc
import Testing

@Suite struct DescriptorTests {
    @Test(
        "a limit that is low for the partners, or nearly used up, is named",
        arguments: [
            (1024, 50, 4, nil), (1024, 50, 200, "1024"), (1024, 1000, 4, "LimitNOFILE"), (64, nil, 1, "64"),
        ] as [(Int, Int?, Int, String?)])
    func words(limit: Int, open: Int?, partners: Int, part: String?) {
        let words = Descriptors.words(limit: limit, open: open, partners: partners)
        #expect((words == nil) == (part == nil))
        if let part { #expect(words?.contains(part) == true) }
    }

    @Test("want of a descriptor is trouble of its own kind, with what to do", arguments: [EMFILE, ENFILE])
    func want(code: Int32) {
        let trouble = FileTrouble("open a file", errno: code)
        #expect(trouble.reason == .tooManyOpen)
        #expect(trouble.advice.contains("LimitNOFILE"))
    }

    @Test("folders leave a reserve of descriptors to what cannot do without one")
    func reserve() {
        #expect(throws: FileTrouble.self) { _ = try openingCall("open a file") { Descriptors.ceiling } }
        #expect(Int(Descriptors.ceiling) <= Descriptors.limit - 24)
    }

    @Test("the free names of a disk are counted where they are counted")
    func inodes() throws {
        let free = try DiskSpace.freeInodes(at: TestFolder().folder)
        #expect(free.map { $0 > 0 } ?? true)
    }

    @Test("a folder is the same however often it is opened, and reached by a short path")
    func identity() throws {
        let place = try TestFolder()
        let again = try Folder(place.path)
        #expect(try again.identity() == place.folder.identity())
        #expect(try place.sub("inner").identity() != place.folder.identity())
        #expect(try Folder(place.folder.shortPath(of: "inner")).identity() == place.sub("inner").identity())
    }
}
