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
        let two = Schema.migrations + [Migration(number: 2, sql: "CREATE TABLE later(x)")]
        try LedgerFile.open(fixture.path, busyTimeout: 1, migrations: two).close()
        let saved = try LedgerReader(path: fixture.path + ".before-2", crypto: fixture.crypto)
        #expect(try await fixture.check(saved) == [])
        let again = try LedgerFile.open(fixture.path, busyTimeout: 1, migrations: two)
        #expect(try await again.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
        try again.close()
        #expect(throws: LedgerTrouble.self) { try fixture.open() }
        #expect(throws: LedgerTrouble.self) { try LedgerReader(path: fixture.path, crypto: fixture.crypto) }
    }

    @Test("a migration that fails leaves the ledger as it was, and its backup")
    func failedMigration() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        try await ledger.close()
        let bad = Schema.migrations + [Migration(number: 2, sql: "CREATE TABLE later(x); CREATE TABLE later(x)")]
        for _ in 0..<2 {
            #expect(throws: DatabaseError.self) {
                try LedgerFile.open(fixture.path, busyTimeout: 1, migrations: bad)
            }
        }
        #expect(FileManager.default.fileExists(atPath: fixture.path + ".before-2"))
        let again = try fixture.open()
        #expect(try await fixture.check(again) == [])
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

    @Test("this machine's own temporary folder is found among its mounts")
    func here() throws {
        try Mount.requireLocal(fixture.folder.path)
        #expect(throws: LedgerTrouble.self) { try Mount.requireLocal(fixture.folder.file("none")) }
    }
}
