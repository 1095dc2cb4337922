internal import Folders
internal import Ledger
internal import Logging
internal import Synchronization
internal import Vocabulary

/// Moves files out of work/ once the ledger says how they ended, with the notes that a person reads.
///
/// Only the ledger is evidence; what fails here is tried again until it works, and said meanwhile.
final class FileAway: Sendable {
    struct Move: Sendable {
        let claimed: ClaimedFile
        let filing: Filing
        fileprivate var attempts = 0

        var destination: Filing.Destination { filing.destination }
    }

    /// Where sent/ is on another mount a large file is copied: no small one's receipt waits for that.
    private let small: Batcher<Move>
    private let large: Batcher<Move>
    private let smallLimit: Int64
    private let ending = Ending()

    init(agency: Agency) {
        let (failing, ending) = (Failing(agency), ending)
        smallLimit = agency.rules.smallLimit
        small = Self.batcher(500, agency, failing, ending)
        large = Self.batcher(1, agency, failing, ending)
    }

    private static func batcher(
        _ limit: Int, _ agency: Agency, _ failing: Failing, _ ending: Ending
    ) -> Batcher<Move> {
        Batcher(limit: limit) { moves in
            // Not run at all when the daemon stops: then a restart does it.
            let outcome = try await Blocking.run { carryOut(moves, on: agency.clock.now().date, agency, ending) }
            for move in moves where outcome.failed[move.claimed.id] == nil { move.claimed.claim.letGo() }
            failing.note(outcome, of: moves)
            return moves.filter { outcome.failed[$0.claimed.id] != nil }.map { move in
                var next = move
                next.attempts += 1
                return .init(item: next, after: min(60, Double(1 << min(6, move.attempts))))
            }
        }
    }

    func soon(_ claimed: ClaimedFile, _ filing: Filing) {
        (claimed.size < smallLimit ? small : large).soon(Move(claimed: claimed, filing: filing))
    }

    /// What is being copied is left where it is, for the next life.
    func drain() async {
        ending.begin()
        await small.drain()
        await large.drain()
    }

    /// Whether the daemon is ending.
    fileprivate final class Ending: Sendable {
        private let hasBegun = Mutex(false)

        func begin() { hasBegun.withLock { $0 = true } }
        func mayGoOn() -> Bool { !hasBegun.withLock { $0 } }
    }

    fileprivate struct Outcome: Sendable {
        var failed: [ConsignmentID: String] = [:]
        /// A folder whose new names may not be on the disk.
        var unsynced: String?
    }

    /// Notes first, then the rename, then one sync a folder for the whole batch. If that fails, a power cut may bring a
    /// file back into work/, and the next life moves it again: nothing else rests on it, so it is not tried again.
    private static func carryOut(
        _ moves: [Move], on day: CalendarDate, _ agency: Agency, _ ending: Ending
    ) -> Outcome {
        var outcome = Outcome()
        var touched: [ObjectIdentifier: Folder] = [:]
        for move in moves {
            do {
                guard let folder = try carryOut(move, day, agency, ending) else { continue }
                touched[ObjectIdentifier(folder)] = folder
            } catch {
                outcome.failed[move.claimed.id] = "\(error)"
            }
        }
        for folder in touched.values {
            do { try folder.sync() } catch { outcome.unsynced = "\(error)" }
        }
        return outcome
    }

    /// Nil if somebody has taken the file out of work/.
    private static func carryOut(
        _ move: Move, _ day: CalendarDate, _ agency: Agency, _ ending: Ending
    ) throws -> Folder? {
        let claimed = move.claimed
        guard try claimed.folder.lookup(claimed.fileName) != nil else { return nil }
        let folder =
            switch move.destination {
            case .sent: try agency.layout.sent(claimed.partner, claimed.route, on: day)
            case .held: try agency.layout.held(claimed.partner, claimed.route, on: day)
            }
        let name = try freeName(claimed.name, in: folder)
        // Notes of what went are many, and written again after a power cut (`NotesAgain`); those of what did not are few.
        let syncing: DurableFile.Syncing = move.destination == .sent ? .unsynced : .contentSynced
        for note in move.filing.notes {
            try DurableFile.write(note.bytes, to: folder, Names.note(name, note.suffix), mode: 0o640, syncing)
        }
        WaitingNotes.remove(
            claimed, agency, from: move.destination == .sent && claimed.claimedAt.date == day ? folder : nil)
        CrashPoint.afterSentNotes.pass()
        // Before the file: alone in work/ it would be taken for the label of the next one of that name.
        if claimed.labelledBy != nil {
            try? SideCars.move(beside: claimed.fileName, in: claimed.folder, to: folder, as: Names.file(name))
        }
        CrashPoint.afterSideCarMove.pass()
        try claimed.folder.move(claimed.fileName, to: folder, as: Names.file(name), while: ending.mayGoOn)
        (move.destination == .sent ? CrashPoint.afterSentRename : .afterHeldRename).pass()
        return folder
    }

    /// `name`, or `name (2)` and so on where one lies there already.
    private static func freeName(_ name: String, in folder: Folder) throws -> String {
        var candidate = name
        var number = 2
        while try folder.lookup(Names.file(candidate)) != nil {
            candidate = SafeName.numbered(name, number)
            number += 1
        }
        return candidate
    }
}

/// What could not be moved yet: one alarm for each destination, one line for each file.
private final class Failing: Sendable {
    private let agency: Agency
    private let waiting = Mutex<[String: [ConsignmentID: String]]>([:])

    init(_ agency: Agency) { self.agency = agency }

    func note(_ outcome: FileAway.Outcome, of moves: [FileAway.Move]) {
        for (destination, moves) in Dictionary(grouping: moves, by: \.destination.rawValue) {
            let left = waiting.withLock { waiting in
                for move in moves {
                    let why = outcome.failed[move.claimed.id]
                    if why != nil, waiting[destination]?[move.claimed.id] == nil { log(move, why ?? "") }
                    waiting[destination, default: [:]][move.claimed.id] = why
                }
                return waiting[destination] ?? [:]
            }
            agency.alarms.alarm(destination, words(left, outcome.unsynced, destination))
        }
    }

    private func words(_ left: [ConsignmentID: String], _ unsynced: String?, _ destination: String) -> String? {
        if let why = left.min(by: { $0.key < $1.key })?.value {
            return
                "\(left.count) files that have ended wait in work/, because \(destination)/ does not take them: \(why). "
                + "They are moved by themselves when it does."
        }
        return unsynced.map {
            "\(destination)/ could not be synced: \($0). After a power cut files may be moved again."
        }
    }

    private func log(_ move: FileAway.Move, _ why: String) {
        agency.log.error(
            "not moved yet, tried again", metadata: ["consignment": "\(move.claimed.id)", "why": "\(why)"])
    }
}
