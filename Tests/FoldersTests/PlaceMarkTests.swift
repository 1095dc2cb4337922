import Foundation
import Testing

@testable import Folders

@Suite("Marks of places, and mounts below a folder")
struct PlaceMarkTests {
    let temp: TestFolder

    init() throws { temp = try TestFolder() }

    @Test("a mark is found again, is nobody else's, and is no file")
    func mark() throws {
        let folder = try Folder(temp.path)
        let (ours, other) = (PlaceMark.random(), PlaceMark.random())
        #expect(ours != other)
        try ours.put(in: folder)
        try ours.put(in: folder)
        #expect(try ours.isIn(folder))
        #expect(try !other.isIn(folder))
        #expect(try PlaceMark.all(in: folder) == [ours])
        let names = try folder.entries()
        #expect(try names.count == 1 && names.allSatisfy { try folder.lookup($0)?.kind == .folder })
        try ours.remove(from: folder)
        #expect(try PlaceMark.all(in: folder).isEmpty)
    }

    @Test(
        "only 32 lower-case hexadecimal digits make a mark", arguments: ["", "0123", String(repeating: "G", count: 32)])
    func spelling(_ text: String) { #expect(PlaceMark(text) == nil) }

    @Test("the mark of a disk follows from the one below it, and is another")
    func opposite() throws {
        let mark = try #require(PlaceMark("0123456789abcdef0123456789abcdef"))
        #expect(mark.opposite.hex == "fedcba9876543210fedcba9876543210")
        #expect(mark.opposite.opposite == mark)
    }

    @Test("mounts below a folder are told by their own names, blanks among them")
    func mountinfo() {
        let mounts = MountPoints(
            mountinfo: """
                22 27 0:21 / /srv/inbox rw,relatime - ext4 /dev/a rw
                36 35 98:0 /mnt1 /srv/inbox/tewv rw,noatime master:1 shared:7 - ext4 /dev/b rw
                37 35 98:0 /mnt1 /srv/inbox/a\\040b/c\\134d rw - ext4 /dev/b rw
                38 35 98:0 / /srv/inbox2 rw - ext4 /dev/c rw
                """)
        #expect(mounts.below("/srv/inbox") == ["a b/c\\d", "tewv"])
        #expect(mounts.below("/srv/sent").isEmpty)
    }
}
