import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Policy
import Settings
import Testing
import Vocabulary

/// What goes from folders with a consignment, and what stays.
@Suite struct RetentionTests {
    private let day = "2026-05-03"
    private let now = Instant(seconds: 1_780_000_000)

    private func write(_ path: String, _ text: String = "x") throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// As the ledger knows a file again.
    private func mark(_ path: String) throws -> String {
        let url = URL(fileURLWithPath: path)
        let name = try #require(FileName(url.lastPathComponent))
        let facts = try #require(try Folder(url.deletingLastPathComponent().path).lookup(name))
        return "\(facts.stamp.device):\(facts.stamp.inode):\(facts.stamp.size):\(facts.stamp.modified)"
    }

    private func key(_ direction: Direction = .sent) throws -> ConsignmentKey {
        ConsignmentKey(direction, try AgencyID("tewv"), ConsignmentID.make(at: now))
    }

    private func names(_ root: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
            let kind = try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")[.type] as? FileAttributeType
            return kind == .typeRegular
        }.sorted()
    }

    @Test("a file goes with its notes and its label, whatever number its name got; others of that name stay")
    func copies() async throws {
        try await inTemporaryFolder { root in
            let sent = "\(root)/sent/tewv/audit/\(day)"
            for name in ["a.pdf", "a (2).pdf", "other.txt"] {
                for suffix in ["", ".receipt.txt", ".receipt.p7s"] { try write("\(sent)/\(name)\(suffix)") }
            }
            try write("\(sent)/a.pdf.label.yaml")
            let file = ErasedFile(key: try key(), route: try RouteName("audit"), mark: try mark("\(sent)/a (2).pdf"))
            let files = DeliveryFiles(InstallationFolders(root: root))
            #expect(try files.paths([file]).count == 4)
            #expect(try files.remove([file]) == 4)
            #expect(
                try names(sent) == [
                    "a.pdf", "a.pdf.receipt.p7s", "a.pdf.receipt.txt", "other.txt", "other.txt.receipt.p7s",
                    "other.txt.receipt.txt",
                ])
            #expect(try files.remove([file]) == 0)
        }
    }

    @Test("a note whose file is gone already goes if it names the consignment; one beside another file stays")
    func alone() async throws {
        try await inTemporaryFolder { root in
            let (mine, held) = (try key(), "\(root)/held/tewv/audit/\(day)")
            try write("\(held)/gone.pdf.refused.txt", "Consignment \(mine.id)")
            try write("\(held)/else.pdf.refused.txt", "Consignment 0199")
            try write("\(held)/there.pdf")
            try write("\(held)/there.pdf.why.txt", "see \(mine.id)")
            let file = ErasedFile(key: mine, route: try RouteName("audit"), mark: "0:0:0:0")
            #expect(try DeliveryFiles(InstallationFolders(root: root)).remove([file]) == 1)
            #expect(try names(held) == ["else.pdf.refused.txt", "there.pdf", "there.pdf.why.txt"])
        }
    }

    @Test("of what was received the side-car goes, and never the file")
    func received() async throws {
        try await inTemporaryFolder { root in
            let theirs = try key(.received)
            try write("\(root)/inbox/tewv/.waybills/\(theirs.id).json")
            try write("\(root)/inbox/tewv/audit/a.pdf")
            let file = ErasedFile(
                key: theirs, route: try RouteName("audit"), mark: try mark("\(root)/inbox/tewv/audit/a.pdf"))
            #expect(try DeliveryFiles(InstallationFolders(root: root)).remove([file]) == 1)
            #expect(try names("\(root)/inbox") == ["tewv/audit/a.pdf"])
        }
    }

    @Test("a file that has not left work/ is seen there, and only that very file")
    func work() async throws {
        try await inTemporaryFolder { root in
            let path = "\(root)/work/tewv/audit/1/a.pdf"
            try write(path)
            var record = ConsignmentRecord(
                key: try key(), state: .delivered, route: try RouteName("audit"), name: "a.pdf", inode: try mark(path))
            let files = DeliveryFiles(InstallationFolders(root: root))
            #expect(try files.isInWork(record))
            record.inode = "1:2:3:4"
            #expect(try !files.isInWork(record))
        }
    }

    @Test("held/ is emptied of what was rejected long ago, and of nothing that waits or was rejected since")
    func held() async throws {
        try await inTemporaryFolder { root in
            let held = "\(root)/held/tewv/audit/\(day)"
            let ledger = InMemoryLedger.forTests()
            for (name, kind, at) in [
                ("old.pdf", EventKind.rejected, now), ("waits.pdf", .held, now),
                ("late.pdf", .rejected, now.adding(seconds: 5000)),
            ] {
                try write("\(held)/\(name)")
                try write("\(held)/\(name).why.txt")
                var record = ConsignmentRecord(
                    key: try key(), state: .held, route: try RouteName("audit"), name: name, claimedAt: now,
                    inode: try mark("\(held)/\(name)"))
                let first = [EventKind.claimed, .weighed, .held].map { kind in
                    NewEvent(
                        at: now, kind: kind, consignment: record.key.id, partner: record.key.partner,
                        detail: EventDetail([:]), record: kind == .held ? record : nil)
                }
                try await ledger.append(first)
                guard kind == .rejected else { continue }
                record.state = .rejected
                try await ledger.append([
                    NewEvent(
                        at: at, kind: kind, consignment: record.key.id, partner: record.key.partner,
                        detail: EventDetail([:]), record: record)
                ])
            }
            let retention = HeldRetention(ledger, InstallationFolders(root: root))
            #expect(try await retention.keep(since: now) == 0)
            #expect(try await retention.keep(since: now.adding(seconds: 1000)) == 2)
            #expect(try names(held) == ["late.pdf", "late.pdf.why.txt", "waits.pdf", "waits.pdf.why.txt"])
        }
    }

    @Test("details are kept for the whole time, and until a later review date; an earlier one shortens nothing")
    func time() throws {
        let keeping = KeepingTime(try Period("P1Y"))
        let lastAt = try Instant("2025-03-10T12:00:00.000Z")
        let over = try Instant("2026-03-10T12:00:00.000Z")
        #expect(!keeping.isOver(lastAt: lastAt, review: nil, at: over.adding(seconds: -1)))
        #expect(keeping.isOver(lastAt: lastAt, review: nil, at: over))
        #expect(keeping.isOver(lastAt: lastAt, review: try CalendarDate("2025-06-01"), at: over))
        #expect(!keeping.isOver(lastAt: lastAt, review: try CalendarDate("2026-03-11"), at: over))
        #expect(keeping.isOver(lastAt: lastAt, review: try CalendarDate("2026-03-10"), at: over))
        for period in ["P1Y", "P1M", "P30D", "P7Y", "P1Y2M3DT4H"] {
            let keeping = KeepingTime(try Period(period))
            let kept = keeping.surelyKept(at: over)
            #expect(kept < over)
            for days in stride(from: Int64(0), to: 400, by: 7) {
                let at = over.adding(seconds: -days * 86_400)
                if at >= kept { #expect(!keeping.isOver(lastAt: at, review: nil, at: over) || at == kept, "\(period)") }
            }
        }
    }
}
