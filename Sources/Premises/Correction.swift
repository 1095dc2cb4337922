internal import Envelope
internal import Folders
internal import Law
package import Ledger
internal import LedgerSQLite
internal import Policy
internal import Settings
internal import Vocabulary

/// A new version of a file on its way to everybody who has the old one, by the same door as any file: the outbox.
package struct Correction {
    package let ledger: LedgerAtHand
    private let premises: InstalledAgency
    private let folder: Folder
    private let name: FileName
    private let because: String

    package init(_ premises: InstalledAgency, _ file: String, _ because: String) throws {
        let path = InstalledAgency.split(file)
        guard let name = FileName(path.file), FileSystem.exists(file) else {
            throw Trouble("There is no such file.", why: file, fix: "Name the new version.")
        }
        (self.premises, self.because, self.name) = (premises, because, name)
        folder = try Folder(path.folder)
        ledger = try LedgerAtHand(premises)
    }

    /// Every consignment of the same content that a partner has or may have, and that nothing has replaced yet.
    package func recipients(of old: ConsignmentRecord) async throws -> [ConsignmentRecord] {
        var filter = LedgerFilter()
        filter.direction = .sent
        filter.sha256 = old.sha256
        filter.states = [.delivered, .dispatching, .signed, .recalled]
        var found: [ConsignmentRecord] = []
        for record in try await ledger.all(filter) where Self.hasOld(record) {
            if try await !isReplaced(record) { found.append(record) }
        }
        return found
    }

    /// What was taken back before anybody signed for it is with nobody.
    private static func hasOld(_ record: ConsignmentRecord) -> Bool {
        record.state != .recalled || record.receiptSHA256 != nil
    }

    private func isReplaced(_ record: ConsignmentRecord) async throws -> Bool {
        var filter = LedgerFilter()
        (filter.direction, filter.partner, filter.supersedes) = (.sent, record.key.partner, record.key.id)
        return try await ledger.all(filter).contains {
            ![.rejected, .withdrawn, .refused, .recalled, .lost].contains($0.state)
        }
    }

    /// Side-car first, file second and by one rename: complete from the moment that it is seen.
    package func drop(for record: ConsignmentRecord) async throws {
        let sideCar = try await sideCar(for: record)
        let outbox = try Folder("\(premises.folders.outbox)/\(record.key.partner)/\(record.route)")
        let (name, label) = try freeNames(in: outbox)
        // If we are killed, housekeeping knows it by its name.
        let temporary = FileName.temporary()
        try copy(to: outbox, temporary)
        try DurableFile.write(sideCar, to: outbox, label, mode: 0o640)
        try outbox.rename(temporary, to: outbox, as: name, .noReplace)
        try outbox.sync()
    }

    /// The file's own name, numbered where a file or a label of that name still waits there: one partner may have got
    /// the old version twice.
    private func freeNames(in outbox: Folder) throws -> (FileName, FileName) {
        let wished = name.text ?? "file"
        for number in 1..<100 {
            let text = number == 1 ? wished : SafeName.numbered(wished, number)
            let (name, label) = (try file(text), try file("\(text).label.json"))
            if try outbox.lookup(name) == nil, try outbox.lookup(label) == nil { return (name, label) }
        }
        throw Trouble(
            "Too many files of that name wait in the outbox.", why: "They are numbered up to 99.",
            fix: "Wait until they are taken, or give the new version another name.")
    }

    private func sideCar(for record: ConsignmentRecord) async throws -> [UInt8] {
        let history = History(record: record, events: try await ledger.reader.events(of: record.key))
        guard let label = history.waybill?.label else {
            throw Trouble(
                "What was said of the old version is no longer there.", why: "Its detail has been erased.",
                fix: "Drop the new file by hand, with a side-car that says supersedes: \(record.key.id)")
        }
        let origins = history.events.compactMap(Told.init).last { $0.facts["origins"] != nil }?.facts["origins"]
        let said = (origins?.members ?? [:]).filter { $0.value.string != "route" }.map(\.key)
        return SideCarWriter.correction(
            label, carrying: Set(said), replacing: .init(consignment: record.key.id, because: because))
    }

    private func copy(to outbox: Folder, _ name: FileName) throws {
        let source = try FileHandle(self.name, in: folder, .read)
        let target = try FileHandle(name, in: outbox, .create(mode: 0o640))
        var offset: Int64 = 0
        while true {
            let piece = try source.read(1 << 20, at: offset)
            if piece.isEmpty { break }
            try target.write(piece, at: offset)
            offset += Int64(piece.count)
        }
        // The new version is as old as the file that was given, not as this copy of it.
        let modified = try source.facts().stamp.modified
        if modified >= 0 { try target.setModified(Instant(milliseconds: modified / 1_000_000)) }
        try target.syncAll()
    }

    private func file(_ text: String) throws -> FileName {
        guard let name = FileName(text) else { throw Trouble("The name is too long.", why: text, fix: "Shorten it.") }
        return name
    }
}
