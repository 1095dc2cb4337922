internal import GRDB
internal import Ledger

/// One numbered step of the ledger's shape. Steps go one way, and a released step is never edited: add the next.
struct Migration: Sendable {
    let number: Int
    let sql: String
    /// What SQL cannot do, after it and in the same transaction.
    var step: (@Sendable (Database, any LedgerCrypto) throws -> Void)?
}

/// The ledger as tables. `leaves` and `tree` are evidence, `details` is evidence that may be erased, the rest can be
/// made again or is of passing use.
enum Schema {
    /// `Wayb` in ASCII: how `file` and we know a ledger.
    static let applicationID: Int32 = 0x5761_7962
    static let migrations = [
        Migration(number: 1, sql: evidence + appendOnly + projection + passing), Migration(number: 2, sql: law),
        Migration(number: 3, sql: vouching),
        Migration(number: 4, sql: TextHealing.respelling, step: { try TextHealing($0, $1).run() }),
    ]

    private static let evidence = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE leaves(
            seq INTEGER PRIMARY KEY,
            leaf BLOB NOT NULL,          -- verbatim; the columns below repeat parts of it for indexes
            consignment BLOB,            -- 16 bytes
            partner TEXT,
            kind TEXT NOT NULL
        ) STRICT;
        CREATE INDEX leaves_by_consignment ON leaves(consignment, partner, seq, kind) WHERE consignment IS NOT NULL;

        CREATE TABLE details(seq INTEGER PRIMARY KEY, salt BLOB NOT NULL, detail BLOB NOT NULL) STRICT;

        -- Roots of complete subtrees of 2^level leaves; level 0 is computed from the leaf.
        CREATE TABLE tree(
            level INTEGER NOT NULL CHECK (level > 0), idx INTEGER NOT NULL, hash BLOB NOT NULL,
            PRIMARY KEY (level, idx)
        ) STRICT, WITHOUT ROWID;

        """

    /// Three triggers a table: without the one on INSERT, INSERT OR REPLACE would rewrite a row unseen. Details may go
    /// (retention) but never change.
    private static let appendOnly = ["leaves", "tree", "details"].map { table in
        let same = table == "tree" ? "level = NEW.level AND idx = NEW.idx" : "seq = NEW.seq"
        return """
            CREATE TRIGGER \(table)_no_update BEFORE UPDATE ON \(table)
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: \(table) are never changed'); END;
            CREATE TRIGGER \(table)_no_replace BEFORE INSERT ON \(table)
            WHEN EXISTS (SELECT 1 FROM \(table) WHERE \(same))
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: \(table) are never replaced'); END;

            """ + (table == "details" ? "" : noDelete(table))
    }.joined()

    private static func noDelete(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: \(table) are never deleted'); END;

        """
    }

    /// Every index ends in `first` (and so in the row), because lists go newest first: see `ListQuery`.
    private static let projection = """
        CREATE TABLE consignments(
            row INTEGER PRIMARY KEY,
            direction TEXT NOT NULL, partner TEXT NOT NULL, id BLOB NOT NULL,
            first INTEGER NOT NULL,      -- claimed (sent) or first seen (received); all times are milliseconds since 1970
            state TEXT NOT NULL,
            stage TEXT NOT NULL,         -- ConsignmentHistory.Stage
            route TEXT NOT NULL, name TEXT, size INTEGER NOT NULL, sha256 BLOB, waybill BLOB,
            purpose TEXT NOT NULL,
            categories TEXT NOT NULL, basis TEXT NOT NULL, cases TEXT NOT NULL,  -- JSON arrays of strings
            agreement TEXT NOT NULL,
            claimedAt INTEGER, sentAt INTEGER, deliveredAt INTEGER,
            receiptSHA256 BLOB, place TEXT, inode TEXT, why TEXT
        ) STRICT;
        CREATE UNIQUE INDEX consignments_by_id ON consignments(id, direction, partner);
        CREATE INDEX consignments_by_time ON consignments(direction, first);
        CREATE INDEX consignments_by_state ON consignments(direction, state, first);
        CREATE INDEX consignments_by_partner ON consignments(direction, partner, first);
        CREATE INDEX consignments_by_partner_state ON consignments(direction, partner, state, first);
        CREATE INDEX consignments_by_sha256 ON consignments(sha256);
        CREATE INDEX consignments_by_name ON consignments(name);

        CREATE TABLE cases(ref TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (ref, row)) STRICT, WITHOUT ROWID;

        """

    private static let passing = """
        CREATE TABLE staging(
            direction TEXT NOT NULL, partner TEXT NOT NULL, id BLOB NOT NULL,
            waybill BLOB NOT NULL, next INTEGER NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (id, direction, partner)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE attempts(
            direction TEXT NOT NULL, partner TEXT NOT NULL, id BLOB NOT NULL,
            count INTEGER NOT NULL, lastAt INTEGER NOT NULL, nextAt INTEGER NOT NULL, why TEXT NOT NULL,
            PRIMARY KEY (id, direction, partner)
        ) STRICT, WITHOUT ROWID;
        -- The newest checkpoint that was signed, for readers without the key.
        CREATE TABLE checkpoint(one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, note TEXT NOT NULL) STRICT;

        """

    /// What travels with a file under the law, and what is owed after it. Every index of duties ends in their order.
    private static let law = """
        ALTER TABLE consignments ADD COLUMN regime TEXT NOT NULL DEFAULT '';
        ALTER TABLE consignments ADD COLUMN emergency INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE consignments ADD COLUMN decidedBy TEXT NOT NULL DEFAULT '';
        ALTER TABLE consignments ADD COLUMN supersedes BLOB;
        CREATE INDEX consignments_by_supersedes ON consignments(supersedes) WHERE supersedes IS NOT NULL;

        CREATE TABLE duties(
            id BLOB NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            direction TEXT NOT NULL, partner TEXT NOT NULL, consignment BLOB NOT NULL,
            subject TEXT,
            state TEXT NOT NULL,
            openedAt INTEGER NOT NULL, due INTEGER NOT NULL, dueLegal INTEGER, deferredUntil INTEGER, closedAt INTEGER,
            ground TEXT, because TEXT, byWhom TEXT,
            facts TEXT NOT NULL,         -- JSON object of strings
            seq INTEGER NOT NULL,        -- the last event that carries it
            next INTEGER NOT NULL
                AS (CASE state WHEN 'deferred' THEN coalesce(deferredUntil, due) ELSE due END) VIRTUAL  -- Duty.next
        ) STRICT;
        CREATE INDEX duties_by_next ON duties(kind, state, next, id);
        CREATE INDEX duties_by_consignment ON duties(consignment, direction, partner, next, id);
        CREATE INDEX duties_by_subject ON duties(subject, next, id) WHERE subject IS NOT NULL;

        """

    /// What others vouch for (rows that somebody else signed), erasure, and facts to be remembered.
    private static let vouching = """
        CREATE TABLE witnessed(
            origin TEXT PRIMARY KEY, partner TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,
            note TEXT NOT NULL, at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE countersigned(
            partner TEXT NOT NULL, size INTEGER NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL,
            PRIMARY KEY (partner, size)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX countersigned_by_size ON countersigned(size, partner);
        CREATE TABLE timeTokens(
            size INTEGER PRIMARY KEY, at INTEGER NOT NULL, note TEXT NOT NULL, token BLOB NOT NULL
        ) STRICT;
        CREATE TABLE remembered(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        ALTER TABLE consignments ADD COLUMN erasedAt INTEGER;
        CREATE INDEX leaves_of_agency ON leaves(kind, partner, seq) WHERE consignment IS NULL;

        """ + sealing

    /// What the check needs to see a change of any row: see `RowDigest` and `SealedTables`.
    private static let sealing =
        """
        ALTER TABLE consignments ADD COLUMN salt BLOB;   -- of the digest in the event that brought the row
        ALTER TABLE consignments ADD COLUMN seal BLOB;   -- of an erased row, whose events have no detail any more

        -- Every table that no event tells of: how many rows, and their seals in one. NULL: not sealed yet.
        CREATE TABLE seals(name TEXT PRIMARY KEY, rows INTEGER, seal BLOB) STRICT, WITHOUT ROWID;

        """ + SealedTable.all.map { "ALTER TABLE \($0.name) ADD COLUMN seal BLOB;\n" }.joined()
        + SealedTable.all.map { "INSERT INTO seals(name) VALUES ('\($0.name)');\n" }.joined() + counting

    /// How many consignments are in each state, kept by SQLite itself: counting them takes too long among millions.
    private static let counting = """
        CREATE TABLE counts(
            direction TEXT NOT NULL, state TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (direction, state)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO counts SELECT direction, state, count(*) FROM consignments GROUP BY direction, state;
        CREATE TRIGGER consignments_counted AFTER INSERT ON consignments BEGIN
            INSERT INTO counts VALUES (NEW.direction, NEW.state, 1)
            ON CONFLICT (direction, state) DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER consignments_moved AFTER UPDATE OF state ON consignments WHEN OLD.state <> NEW.state BEGIN
            UPDATE counts SET count = count - 1 WHERE direction = OLD.direction AND state = OLD.state;
            DELETE FROM counts WHERE direction = OLD.direction AND state = OLD.state AND count = 0;
            INSERT INTO counts VALUES (NEW.direction, NEW.state, 1)
            ON CONFLICT (direction, state) DO UPDATE SET count = count + 1;
        END;

        """
}

extension Migration {
    /// Runs inside the migrator's transaction, so that the numbers change with the tables or not at all.
    /// - Parameter crypto: nil for a database without rows, which is made for its shape alone.
    func run(_ db: Database, _ crypto: (any LedgerCrypto)?) throws {
        try db.execute(sql: sql)
        if let crypto { try step?(db, crypto) }
        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(number)")
    }

    static func migrator(_ migrations: [Migration], _ crypto: (any LedgerCrypto)?) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(String(migration.number)) { try migration.run($0, crypto) }
        }
        return migrator
    }
}
