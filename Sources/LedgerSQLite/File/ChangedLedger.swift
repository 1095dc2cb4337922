internal import Folders
internal import Ledger

/// A ledger that is not, when it is opened, what was closed: somebody or something wrote to it while nobody had it open.
///
/// What was found stands in a note beside it, with the sums as they were, until a person has moved them away: a start that
/// only said so in its log would be forgotten by the next one.
///
///     ledger.sqlite-sums ─► compared ─► same: removed, then the ledger is written to
///                              └─► ledger.sqlite-changed-1.txt, ledger.sqlite-sums-1 ─► then written to
package enum ChangedLedger {
    private static let most = 99

    /// What stands beside the ledger and nobody has settled, in one line each; nothing if there is nothing.
    package static func alarms(beside ledger: String) -> [String] {
        (1...most).map { note(ledger, $0) }.filter(DiskFile.exists).map { note in
            let bytes = (try? DiskFile.Reader(note).read(8192, at: 0)) ?? []
            let first = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
            return "\(first ?? "The ledger was changed while Waybill was not running.") What to do stands in \(note)"
        }
    }

    /// A person has said that an older ledger was put back (`waybill recover`): that is what was found.
    static func settle(beside ledger: String) {
        for number in 1...most where DiskFile.exists(note(ledger, number)) {
            try? DiskFile.move(note(ledger, number), to: "\(ledger)-changed-\(number)-settled.txt")
        }
    }

    private static func note(_ ledger: String, _ number: Int) -> String { "\(ledger)-changed-\(number).txt" }

    /// Durable on return: first what was found, then the sums under another name. Returns the finding in one line.
    ///
    /// A start that dies between the two leaves the sums in their place: the next one finds the same.
    static func keep(_ problems: [LedgerProblem], beside ledger: String, mode: UInt32) throws -> String {
        let number = (1...most).first { isFree($0, problems, ledger) } ?? most
        try DiskFile.replace(note(ledger, number), bytes(problems, ledger, number), mode: mode)
        CrashPoint.afterChangeNoted.pass()
        try DiskFile.move(FileSums.path(of: ledger), to: kept(ledger, number))
        CrashPoint.afterChangedSumsKept.pass()
        return line(problems)
    }

    /// Also where a start noted the very same and died before it had moved the sums: one finding has one note.
    private static func isFree(_ number: Int, _ problems: [LedgerProblem], _ ledger: String) -> Bool {
        if DiskFile.exists(kept(ledger, number)) { return false }
        guard DiskFile.exists(note(ledger, number)) else { return true }
        return (try? DiskFile.Reader(note(ledger, number)).readAll()) == bytes(problems, ledger, number)
    }

    private static func kept(_ ledger: String, _ number: Int) -> String { "\(ledger)-sums-\(number)" }

    private static func bytes(_ problems: [LedgerProblem], _ ledger: String, _ number: Int) -> [UInt8] {
        Array(words(problems, ledger, kept(ledger, number)).utf8)
    }

    private static func line(_ problems: [LedgerProblem]) -> String {
        let more = problems.count > 3 ? ", and \(problems.count - 3) more" : ""
        return "The ledger was changed while Waybill was not running: "
            + problems.prefix(3).map(\.description).joined(separator: "; ") + more + "."
    }

    private static func words(_ problems: [LedgerProblem], _ ledger: String, _ sums: String) -> String {
        """
        \(line(problems))

        All that was found:
        \(problems.map { "  \($0)" }.joined(separator: "\n"))

        Why: another program than Waybill wrote to \(ledger), or its disk changed it, between the last close and this start.
        The sums of its pages as they were closed are kept in \(sums).
        What to do:
          1. If you put a backup there yourself: waybill recover says so, and settles this.
          2. Else keep a copy of \(ledger) and of everything beside it, this note too: it is evidence.
             waybill ledger check says what the changed pages hold; have the disk looked at.
          3. Stop waybilld, put the newest backup in its place together with its -sums file, remove \(ledger)-wal
             and \(ledger)-shm, start waybilld and run waybill recover.
          4. When it is settled, move this note away: the alarm goes with it.
        Whom to ring: whoever looks after this machine, and whoever looks after information governance here.

        """
    }
}
