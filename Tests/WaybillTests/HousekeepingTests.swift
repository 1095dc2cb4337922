import Daemon
import Exchange
import Folders
import Foundation
import Testing
import Vocabulary

/// What a killed command or daemon left half written.
struct HousekeepingTests {
    @Test("only our own temporary files go, and only old ones, as deep as an outbox is")
    func sweep() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "waybill-sweep-\(UUID().uuidString)")
        let route = root.appending(path: "tees-council/referrals")
        try FileManager.default.createDirectory(at: route, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        let old = try #require(String(validating: FileName.temporary().bytes, as: UTF8.self))
        let young = try #require(String(validating: FileName.temporary().bytes, as: UTF8.self))
        let theirs = [
            ".new-report.pdf", ".new-", ".new-ABCDEF", "file.pdf", ".new-" + String(repeating: "a", count: 33),
        ]
        let ancient: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)]
        for name in [old, young] + theirs {
            let path = route.appending(path: name).path
            #expect(FileManager.default.createFile(atPath: path, contents: Data("x".utf8)))
            if name != young { try FileManager.default.setAttributes(ancient, ofItemAtPath: path) }
        }
        let layout = Layout(
            outbox: root.path, work: root.path, held: root.path, sent: root.path, inbox: root.path)
        try Housekeeping.sweep(.outbox, of: layout, depth: 2, before: Instant(seconds: 1_100_000_000))
        let left = try FileManager.default.contentsOfDirectory(atPath: route.path)
        #expect(Set(left) == Set(theirs + [young]))
    }
}
