import Foundation

/// `waybill ledger witness --json`, as far as tests look at it.
struct Witnessing: Decodable, Sendable {
    struct Ours: Decodable, Sendable {
        let partner: String
        let size: Int
        let uncovered: Int
        let note: String
    }
    struct Theirs: Decodable, Sendable {
        let partner: String
        let origin: String
        let size: Int
    }
    struct Incident: Decodable, Sendable {
        struct Facts: Decodable, Sendable {
            let what: String
            let held: String?
            let shown: String?
        }
        let partner: String
        let facts: Facts
    }
    let origin: String
    let size: Int
    let ours: [Ours]
    let theirs: [Theirs]
    let incidents: [Incident]
}

extension Agency {
    var ledgerFile: String { "\(folder)/ledger.sqlite" }

    func witnessing() async throws -> Witnessing {
        try JSONDecoder().decode(Witnessing.self, from: Data(try await asked("ledger", "witness", "--json").utf8))
    }

    /// Waits until this partner has countersigned everything that is in the ledger.
    func awaitCountersigned(by partner: Agency) async throws {
        try await Wait.until("\(partner.id) has countersigned all of the ledger of \(id)") {
            let told = try await witnessing()
            return told.ours.contains { $0.partner == partner.id && $0.uncovered == 0 }
        }
    }

    /// The ledger as it is, for putting it back. The daemon is stopped.
    func backUpLedger() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: ledgerFile + suffix) {
            files[suffix] = try Files.bytes(ledgerFile + suffix)
        }
        return files
    }

    func restoreLedger(_ files: [String: Data]) throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: ledgerFile + suffix)
            try files[suffix]?.write(to: URL(fileURLWithPath: ledgerFile + suffix))
        }
    }

    /// What somebody with the right to write could do to the ledger file.
    func tamper(_ python: String) async throws {
        let outcome = try await Command.tool("python3", ["-c", Self.tools + python, ledgerFile])
        try require(outcome.code == 0, "tampering failed: \(outcome)")
    }

    /// As one who never countersigned anything.
    func forgetWitnessed() async throws {
        let script = """
            import sqlite3, sys
            sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20).execute("DELETE FROM witnessed")
            """
        let outcome = try await Command.tool("python3", ["-c", script, ledgerFile])
        try require(outcome.code == 0, "not forgotten: \(outcome)")
    }

    private static let tools = """
        import hashlib, sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        def recompute():
            level = [hashlib.sha256(b"\\0" + leaf).digest() for (leaf,) in db.execute("SELECT leaf FROM leaves ORDER BY seq")]
            db.execute("DELETE FROM tree")
            number = 0
            while len(level) > 1:
                number += 1
                level = [hashlib.sha256(b"\\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
                for i, node in enumerate(level):
                    db.execute("INSERT INTO tree VALUES (?, ?, ?)", (number, i, node))

        """
}
