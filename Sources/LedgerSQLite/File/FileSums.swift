internal import GRDB
internal import Ledger
internal import Vocabulary

/// What every page of a closed ledger was, in a file beside it: finds damage where no row is, such as in unused space.
///
///     waybill-sums/v1 LF         text
///     pages, 8 bytes each        the start of SHA-256(0x00 || page of 4096 bytes)
///     32 bytes                   SHA-256(0x00 || all before)
///
/// Written after a clean close and beside a backup; compared and then removed before the first write. Where it lies, the
/// ledger is to be as it was closed: an older copy put in its place is found too. No moment is between at which it speaks of
/// another file than is there: it goes, durably, before anything is written, and comes when the last write and the emptied
/// log are on disk. A kill or a power cut leaves none. Whoever can write both files can make both anew.
package enum FileSums {
    private static let header = Array("waybill-sums/v1\n".utf8)
    private static let page = 4096
    private static let sum = 8
    /// Beyond this a close does not take the time; a backup does.
    static let limitAtClose: Int64 = 1 << 30

    static func path(of ledger: String) -> String { ledger + "-sums" }

    /// What the sums say of a ledger that is about to be opened for writing.
    package enum Closed: Hashable, Sendable {
        /// There are none: it is new, did not end in order, or is larger than sums are made for.
        case unknown
        case same
        /// In one line; `ChangedLedger` has kept the sums and the whole of it.
        case changed(String)
    }

    /// Compares the file with its sums and takes these away: the file is about to change. Blocks.
    static func take(_ ledger: String, _ hasher: MerkleHasher, mode: UInt32) throws -> Closed {
        try take(ledger, mode: mode) { try found(ledger, hasher, $0) }
    }

    /// - Parameter compare: what is found, with the tables' names where it is given a reader.
    static func take(
        _ ledger: String, mode: UInt32, comparing compare: ((any DatabaseReader)?) throws -> [LedgerProblem]
    ) throws -> Closed {
        guard DiskFile.exists(path(of: ledger)) else { return .unknown }
        guard try !compare(nil).isEmpty else { return try same(ledger) }
        // Only now, to name the tables: nothing that may be damaged is opened without need.
        let reader = try? LedgerFile.openReadOnly(ledger, busyTimeout: 1)
        let problems = try compare(reader)
        try? reader?.close()
        // What is as it was at the second look was only not read well at the first.
        if problems.isEmpty { return try same(ledger) }
        return .changed(try ChangedLedger.keep(problems, beside: ledger, mode: mode))
    }

    private static func same(_ ledger: String) throws -> Closed {
        try remove(ledger)
        return .same
    }

    /// Sums that cannot be read are a finding, too.
    private static func found(_ ledger: String, _ hasher: MerkleHasher, _ database: (any DatabaseReader)?) throws
        -> [LedgerProblem]
    {
        do { return try problems(ledger, hasher, database) } catch LedgerTrouble.broken(let why) {
            return [LedgerProblem("sums", "cannot be compared with the ledger: \(why)")]
        }
    }

    static func remove(_ ledger: String) throws {
        guard DiskFile.exists(path(of: ledger)) else { return }
        DiskFile.remove(path(of: ledger))
        try DiskFile.sync(DiskFile.folderOf(ledger))
    }

    /// Blocks: about a second for each gigabyte.
    static func write(_ ledger: String, _ hasher: MerkleHasher, mode: UInt32) throws {
        let bytes = try header + sums(ledger, hasher)
        try DiskFile.replace(path(of: ledger), bytes + hasher.leaf(bytes).bytes, mode: mode)
    }

    private static func sums(_ ledger: String, _ hasher: MerkleHasher) throws -> [UInt8] {
        let file = try DiskFile.Reader(ledger)
        var sums: [UInt8] = []
        while true {
            let bytes = try file.read(page, at: Int64(sums.count / sum * page))
            if bytes.isEmpty { return sums }
            sums += hasher.leaf(bytes).bytes.prefix(sum)
        }
    }

    /// Nothing if no sums are kept, or if they went while they were compared: then a daemon began to write.
    static func problems(_ ledger: String, _ hasher: MerkleHasher, _ database: (any DatabaseReader)?) throws
        -> [LedgerProblem]
    {
        guard DiskFile.exists(path(of: ledger)) else { return [] }
        let kept = try DiskFile.Reader(path(of: ledger)).readAll()
        let problems = try problems(ledger, kept, hasher, database)
        if problems.isEmpty { return [] }
        guard DiskFile.exists(path(of: ledger)), try DiskFile.Reader(path(of: ledger)).readAll() == kept else {
            return []
        }
        return problems
    }

    private static func problems(
        _ ledger: String, _ kept: [UInt8], _ hasher: MerkleHasher, _ database: (any DatabaseReader)?
    ) throws -> [LedgerProblem] {
        let content = Array(kept.dropLast(32))
        guard content.starts(with: header), kept.suffix(32).elementsEqual(hasher.leaf(content).bytes) else {
            return [LedgerProblem("sums", "the page sums beside the ledger are damaged themselves")]
        }
        let (right, found) = (Array(content.dropFirst(header.count)), try sums(ledger, hasher))
        var problems: [LedgerProblem] = []
        if try DiskFile.exists(ledger + "-wal") && DiskFile.Reader(ledger + "-wal").size > 0 {
            problems.append(LedgerProblem("file", "something else than Waybill has written to it since it was closed"))
        }
        if right.count != found.count {
            let (had, has) = (right.count / sum, found.count / sum)
            problems.append(LedgerProblem("file", "has \(has) pages, had \(had) when it was closed"))
        }
        return problems + changed(right, found, database)
    }

    private static func changed(_ right: [UInt8], _ found: [UInt8], _ database: (any DatabaseReader)?)
        -> [LedgerProblem]
    {
        let count = min(right.count, found.count) / sum
        let pages = (0..<count).filter { right[($0 * sum)..<(($0 + 1) * sum)] != found[($0 * sum)..<(($0 + 1) * sum)] }
            .map { $0 + 1 }
        if pages.isEmpty { return [] }
        if pages.count > 100, pages.count > count / 2 {
            return [LedgerProblem("file", "is not the one that was closed: another copy was put in its place")]
        }
        let owners = owners(of: Array(pages.prefix(100)), database)
        return pages.prefix(100).map {
            LedgerProblem(
                "page \($0)\(owners[$0].map { " of \($0)" } ?? "")", "is not as it was when the ledger was closed")
        }
    }

    /// Which table or index each page is of, if SQLite can still tell; a free page is of none.
    private static func owners(of pages: [Int], _ database: (any DatabaseReader)?) -> [Int: String] {
        let places = pages.map { _ in "?" }.joined(separator: ", ")
        let rows = try? database?.read { db in
            try Row.fetchAll(
                db, sql: "SELECT pageno, name FROM dbstat WHERE pageno IN (\(places))",
                arguments: StatementArguments(pages)
            ).map { (try $0.value("pageno") as Int, try $0.value("name") as String) }
        }
        return Dictionary(rows ?? []) { first, _ in first }
    }
}
