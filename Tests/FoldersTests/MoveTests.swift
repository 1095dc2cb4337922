import Folders
import Foundation
import Testing
import Vocabulary

/// Moves that a rename cannot do.
@Suite struct MoveTests {
    let temp: TestFolder

    init() throws { temp = try TestFolder() }

    /// Another file system than that of temporary folders.
    private static let shared = "/dev/shm"
    private static let isOther = device("/dev/shm") != nil && device("/dev/shm") != device(NSTemporaryDirectory())
    private static let needed: Comment = "/dev/shm and the temporary folder are one file system here"

    private static func device(_ path: String) -> UInt64? {
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        return (facts?[.systemNumber] as? NSNumber)?.uint64Value
    }

    private func elsewhere() throws -> (folder: Folder, path: String) {
        let path = "\(Self.shared)/waybill-\(UUID())"
        return (try Folder.make(path, mode: 0o700), path)
    }

    @Test(
        "a copy to another file system is whole, and stops where it is told to, with nothing left behind",
        .enabled(if: isOther, needed))
    func copied() throws {
        let (folder, path) = try elsewhere()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0) }
        try DurableFile.write(bytes, to: temp.folder, .of("video"), mode: 0o640)
        var slices = 0
        #expect(throws: FileTrouble.self) {
            try temp.folder.move(.of("video"), to: folder, as: .of("video")) {
                slices += 1
                return slices < 3
            }
        }
        #expect(try folder.entries().isEmpty && slices == 3)
        #expect(try temp.folder.lookup(.of("video"))?.size == 3 << 20)
        try temp.folder.move(.of("video"), to: folder, as: .of("video"))
        #expect(try DurableFile.read(.of("video"), in: folder, atMost: 4 << 20) == bytes)
        #expect(try temp.folder.lookup(.of("video")) == nil)
    }

    @Test("what lies there is replaced only if that is asked for", .enabled(if: isOther, needed))
    func replacing() throws {
        let (folder, path) = try elsewhere()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try DurableFile.write([1], to: temp.folder, .of("label"), mode: 0o640)
        try DurableFile.write([2], to: folder, .of("label"), mode: 0o640)
        #expect(throws: FileTrouble.self) { try temp.folder.move(.of("label"), to: folder, as: .of("label")) }
        try temp.folder.moveOver(.of("label"), to: folder, as: .of("label"))
        #expect(try DurableFile.read(.of("label"), in: folder, atMost: 9) == [1])
        #expect(try temp.folder.lookup(.of("label")) == nil)
    }
}
