internal import Folders
internal import Ledger
internal import Logging
internal import Vocabulary

/// Moves files out of work/ once the ledger says how they ended, with the notes that a person reads.
///
/// Only the ledger is evidence; what happens here is finished or repeated by a restart.
final class SentTray: Sendable {
    struct Move: Sendable {
        let claimed: ClaimedFile
        let destination: Destination
        /// Suffix and text of each note beside the file.
        let notes: [(suffix: String, bytes: [UInt8])]

        enum Destination: Sendable { case sent, held }
    }

    private let office: Office
    private let batcher: Batcher<Move>

    init(office: Office, finished: @escaping @Sendable (ClaimedFile) async -> Void) {
        self.office = office
        batcher = Batcher { moves in
            let failed = await Self.carryOut(moves, office)
            for move in moves where !failed.contains(move.claimed.id) { await finished(move.claimed) }
        }
    }

    func soon(_ move: Move) async { await batcher.soon(move) }
    func done(_ move: Move) async throws { try await batcher.done(move) }
    func drain() async { await batcher.drain() }

    /// Notes first, then the rename, then one sync a folder for the whole batch.
    private static func carryOut(_ moves: [Move], _ office: Office) async -> Set<ConsignmentID> {
        let day = office.now().date
        let result = try? await Blocking.run { () -> Set<ConsignmentID> in
            var failed: Set<ConsignmentID> = []
            var touched: [Folder.Identity: Folder] = [:]
            for move in moves {
                do {
                    let folder = try carryOut(move, day, office)
                    touched[try folder.identity()] = folder
                } catch {
                    failed.insert(move.claimed.id)
                    office.log.error(
                        "move failed, a restart finishes it",
                        metadata: [
                            "consignment": "\(move.claimed.id)", "why": "\(error)",
                        ])
                }
            }
            for folder in touched.values { try folder.sync() }
            return failed
        }
        return result ?? Set(moves.map(\.claimed.id))
    }

    private static func carryOut(_ move: Move, _ day: CalendarDate, _ office: Office) throws -> Folder {
        let claimed = move.claimed
        let folder =
            switch move.destination {
            case .sent: try office.layout.sent(claimed.partner, claimed.route, on: day)
            case .held: try office.layout.held(claimed.partner, claimed.route, on: day)
            }
        let name = try freeName(claimed.name, in: folder)
        for note in move.notes {
            try DurableFile.write(note.bytes, to: folder, Names.note(name, note.suffix), mode: 0o640, .unsynced)
        }
        WaitingNotes.remove(claimed, office)
        CrashPoint.afterSentNotes.pass()
        try claimed.folder.move(claimed.fileName, to: folder, as: Names.file(name))
        (move.destination == .sent ? CrashPoint.afterSentRename : .afterHeldRename).pass()
        if claimed.sideCar != nil { try? SideCars.move(beside: claimed.fileName, in: claimed.folder, to: folder) }
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
