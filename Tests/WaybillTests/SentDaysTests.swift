import Daemon
import Exchange
import Foundation
import Testing
import Vocabulary

/// sent/ is emptied a day at a time.
struct SentDaysTests {
    @Test("the oldest day goes, of all partners and routes, and only one; what is young enough stays")
    func oneDay() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "waybill-days-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let days = [
            "tewv/referrals/2026-01-02", "tewv/urgent/2026-01-02", "police/urgent/2026-01-03",
            "police/urgent/2026-03-01",
        ]
        for day in days {
            try FileManager.default.createDirectory(
                at: root.appending(path: day), withIntermediateDirectories: true)
            try Data("x".utf8).write(to: root.appending(path: "\(day)/minutes.pdf"))
        }
        func left() -> [String] {
            days.filter { FileManager.default.fileExists(atPath: root.appending(path: "\($0)/minutes.pdf").path) }
        }
        let (sent, oldest) = (Self.layout(root.path), try CalendarDate("2026-03-01"))
        // Where no place is known to be ours, nothing is found.
        #expect(try SentDays.first(before: oldest, in: Self.layout(root.path, isGuarded: true)) == nil)
        let first = try #require(try SentDays.first(before: oldest, in: sent))
        #expect(first.description == "2026-01-02")
        try SentDays.empty(first, in: sent)
        #expect(left() == Array(days.dropFirst(2)))
        try SentDays.empty(try #require(try SentDays.first(before: oldest, in: sent)), in: sent)
        #expect(left() == ["police/urgent/2026-03-01"])
        #expect(try SentDays.first(before: oldest, in: sent) == nil)
    }

    private static func layout(_ root: String, isGuarded: Bool = false) -> Layout {
        Layout(outbox: root, work: root, held: root, sent: root, inbox: root, isGuarded: isGuarded)
    }
}
