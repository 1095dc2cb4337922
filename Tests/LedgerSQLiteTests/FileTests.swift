import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

@Suite struct FileTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test("a backup of an open ledger is whole, private, and never overwrites")
    func backup() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 600)
        let copy = fixture.folder.file("backup.sqlite")
        try await LedgerBackup.write(ledger, to: copy)
        try await ledger.append(fixture.generator.delivery(999))
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let before = try Data(contentsOf: URL(filePath: copy))
        await #expect(throws: LedgerTrouble.self) { try await LedgerBackup.write(ledger, to: copy) }
        #expect(try Data(contentsOf: URL(filePath: copy)) == before)
        let restored = try LedgerReader(path: copy, crypto: fixture.crypto)
        #expect(restored.origin == ledger.origin)
        #expect(try await restored.counts() == [.sent: [.delivered: 100]])
        #expect(try await fixture.check(restored) == [])
    }

    @Test("a backup into a folder that is not there leaves nothing and says why")
    func backupNowhere() async throws {
        let ledger = try fixture.open()
        await #expect(throws: LedgerTrouble.self) {
            try await LedgerBackup.write(ledger, to: fixture.folder.file("none/backup.sqlite"))
        }
    }

    @Test("a migration copies an existing ledger first, runs once, and never goes back")
    func migration() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        try await ledger.close()
        let next = Schema.migrations + [Migration(number: 5, sql: "CREATE TABLE later(x)")]
        try LedgerFile.open(fixture.path, fixture.crypto, busyTimeout: 1, migrations: next).close()
        let saved = try LedgerReader(path: fixture.path + ".before-5", crypto: fixture.crypto)
        #expect(try await fixture.check(saved) == [])
        let again = try LedgerFile.open(fixture.path, fixture.crypto, busyTimeout: 1, migrations: next)
        #expect(try await again.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 5)
        try again.close()
        #expect(throws: LedgerTrouble.self) { try fixture.open() }
        #expect(throws: LedgerTrouble.self) { try LedgerReader(path: fixture.path, crypto: fixture.crypto) }
    }

    @Test("a migration that fails leaves the ledger as it was, and its backup")
    func failedMigration() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        try await ledger.close()
        let bad = Schema.migrations + [Migration(number: 5, sql: "CREATE TABLE later(x); CREATE TABLE later(x)")]
        for _ in 0..<2 {
            #expect(throws: DatabaseError.self) {
                try LedgerFile.open(fixture.path, fixture.crypto, busyTimeout: 1, migrations: bad)
            }
        }
        #expect(FileManager.default.fileExists(atPath: fixture.path + ".before-5"))
        let again = try fixture.open()
        #expect(try await fixture.check(again) == [])
    }

    /// A ledger file as version 1 left it, with the rows of a ledger that this code wrote elsewhere.
    private func writeVersion1(from path: String) async throws {
        let old = try LedgerFile.open(fixture.path, fixture.crypto, busyTimeout: 1, migrations: [Schema.migrations[0]])
        try await old.writeWithoutTransaction { db in
            try db.execute(sql: "ATTACH ? AS new", arguments: [path])
            for table in ["meta", "leaves", "details", "tree", "consignments", "cases", "staging", "checkpoint"] {
                let names = try db.columns(in: table, in: "main").map(\.name).joined(separator: ", ")
                try db.execute(sql: "INSERT INTO main.\(table)(\(names)) SELECT \(names) FROM new.\(table)")
            }
            try db.execute(sql: "DETACH new")
        }
        try old.close()
    }

    @Test("a ledger of version 1 opens, keeps its rows and takes what it could not hold")
    func fromVersion1() async throws {
        let other = fixture.folder.file("other.sqlite")
        let source = try fixture.open(other)
        try await fixture.generator.fill(source, events: 60, width: 1)
        var arrival = try received(fixture.start)
        try await source.append([event(.publishing, arrival, at: fixture.start)])
        let (rows, note) = (try await source.list(LedgerFilter(), limit: 100), try await source.checkpoint())
        try await source.close()
        try await writeVersion1(from: other)
        #expect(throws: LedgerTrouble.self) { try LedgerReader(path: fixture.path, crypto: fixture.crypto) }

        let ledger = try fixture.open()
        #expect(try await ledger.list(LedgerFilter(), limit: 100) == rows && rows.count == 11)
        #expect(try await ledger.checkpoint() == note)
        #expect(try await ledger.duties(DutyFilter(), limit: 9).isEmpty)
        arrival.state = .delivered
        (arrival.regime, arrival.isEmergency, arrival.decidedBy) = ("uk-gdpr", true, "route")
        arrival.supersedes = rows.last?.key.id
        let duty = fixture.duty(.notice, about: arrival.key)
        try await ledger.append([event(.received, arrival, at: fixture.start, duties: [duty])])
        #expect(try await ledger.record(arrival.key) == arrival)
        #expect(try await ledger.duties(DutyFilter(), limit: 9) == [duty])
        // Their events were written by this code and tell of rows that version 1 had no salts for.
        try fixture.tamper(
            """
            ATTACH '\(other)' AS new;
            UPDATE consignments SET salt = (SELECT salt FROM new.consignments AS n WHERE n.row = consignments.row)
            WHERE salt IS NULL
            """)
        #expect(try await fixture.check(ledger) == [])
        let saved = try DatabaseQueue(path: fixture.path + ".before-2")
        #expect(try await saved.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 1)
    }

    private let mounts = """
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        30 22 0:40 / /srv/share rw - nfs4 server:/export rw
        31 22 0:41 / /srv/share/disk rw - xfs /dev/vdb rw
        32 22 0:42 / /home/a\\040b rw - fuse.sshfs host: rw
        33 22 0:43 / /over rw - nfs server:/a rw
        34 33 0:44 / /over rw - ext4 /dev/vdc rw
        """

    @Test(
        "the file system of a path is that of the nearest mount",
        arguments: [
            ("/var/lib", "ext4", false), ("/srv/share", "nfs4", true), ("/srv/share/x/y", "nfs4", true),
            ("/srv/shared", "ext4", false), ("/srv/share/disk/x", "xfs", false), ("/home/a b/c", "fuse.sshfs", true),
            ("/over/x", "ext4", false), ("/", "ext4", false),
        ])
    func mounts(path: String, type: String, isRemote: Bool) throws {
        let mount = try #require(Mount.holding(path, in: mounts))
        #expect(mount.type == type)
        #expect(mount.isRemote == isRemote)
    }

    /// `/` of a chroot and of some containers has no line of its own.
    private let chroot = "85 65 0:40 / /proc rw,relatime - proc proc rw\n"

    @Test("where no mount is told the file system itself is asked, and a network one refused", arguments: ["", nil])
    func noMount(table: String?) throws {
        let table = table ?? chroot
        for type in ["ext4", "xfs", "overlay"] { try Mount.requireLocal("/var/lib", in: table) { _ in type } }
        for type in ["nfs", "cifs", "fuse", "9p"] {
            #expect(throws: LedgerTrouble.self) { try Mount.requireLocal("/var/lib", in: table) { _ in type } }
        }
        #expect(throws: LedgerTrouble.self) { try Mount.requireLocal("/var/lib", in: table) { _ in nil } }
        // What mountinfo says is not asked again.
        try Mount.requireLocal("/var/lib", in: mounts) { _ in "nfs" }
    }

    @Test("this machine's own temporary folder is found among its mounts")
    func here() throws {
        try Mount.requireLocal(fixture.folder.path)
        #expect(throws: LedgerTrouble.self) { try Mount.requireLocal(fixture.folder.file("none")) }
    }
}
