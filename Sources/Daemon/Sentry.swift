internal import Exchange
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Logging
internal import Premises
internal import Settings
internal import Statements

/// Every ten seconds: whether the ledger is still the file at its path, whether every disk has names to give, and whether
/// we are about to run out of descriptors.
struct Sentry: Sendable {
    let wiring: Wiring
    let broken: @Sendable (LedgerTrouble) -> Void

    /// A name takes an inode; below so many on a disk somebody should look.
    static let inodeReserve: Int64 = 1000

    func watch() async {
        while !Task.isCancelled {
            await lookAtLedger()
            await lookAtChanges()
            await lookAtLocks()
            await lookAtInodes()
            lookAtDescriptors()
            try? await Task.sleep(for: .seconds(10))
        }
    }

    /// What is written to a file that nobody finds again is lost: better to end, and to begin anew with what is there.
    private func lookAtLedger() async {
        let sqlite = wiring.opened.sqlite
        guard let problem = try? await Blocking.run({ sqlite.misplaced }) else { return }
        broken(.broken(problem))
    }

    /// Found by this start or an earlier one, until a person has moved the note away.
    private func lookAtChanges() async {
        let path = wiring.premises.folders.ledger
        let alarms = try? await Blocking.run { ChangedLedger.alarms(beside: path) }
        let ring = wiring.agency.rules.contacts.whomToRingHere
        wiring.agency.alarms.alarm("ledger/changed", alarms?.last.map { "\($0). Whom to ring: \(ring)" })
    }

    /// Readers cannot stop the writer; but one that tries is named, and so is one that keeps the log from being emptied.
    private func lookAtLocks() async {
        let path = wiring.premises.folders.ledger
        let (lock, log) =
            (try? await Blocking.run { (Self.lockWords(path), Self.logWords(path)) }) ?? (nil, nil)
        wiring.agency.alarms.alarm("ledger/lock", lock)
        wiring.agency.alarms.alarm("ledger/log", log)
    }

    private static func lockWords(_ ledger: String) -> String? {
        guard let holder = IndexLocks.writersHolder(ledger) else { return nil }
        return holder.isShared
            ? "\(holder) holds a lock on \(ledger)-shm that no reader needs and that would stop other programs. Waybill passes over "
                + "it: nothing waits. Ask whoever runs it; ring whoever looks after this machine."
            : "\(holder) has locked the ledger for writing: everything waits for it. Only Waybill may write there: end it, and ring "
                + "whoever looks after this machine."
    }

    /// The log is emptied at 16 MiB if nobody reads for long.
    static let longLog: Int64 = 256 << 20

    private static func logWords(_ ledger: String) -> String? {
        let (folder, file) = InstalledAgency.split(ledger + "-wal")
        guard let name = FileName(file), let size = (try? Folder(folder).lookup(name))??.size, size > longLog else {
            return nil
        }
        let who =
            IndexLocks.readersHolder(ledger).map { "\($0) reads without end." } ?? "Nobody reads it: look at the disk."
        return
            "The ledger's log has grown to \(size >> 20) MiB because it cannot be emptied: \(who) Writing goes on until the disk "
            + "is full. End that program; ring whoever looks after this machine."
    }

    private func lookAtInodes() async {
        let folders = wiring.premises.folders
        let places = [
            ("work", folders.work), ("outbox", folders.outbox), ("inbox", folders.inbox), ("sent", folders.sent),
            ("held", folders.held), ("ledger", InstalledAgency.split(folders.ledger).folder),
        ]
        for (name, path) in places {
            guard let free = try? await Blocking.run({ try DiskSpace.freeInodes(at: Folder(path)) }) else { continue }
            wiring.agency.alarms.alarm("inodes/\(name)", Self.inodeWords(free, name))
        }
    }

    /// Nil if there are enough, or the file system does not count them.
    static func inodeWords(_ free: Int64?, _ name: String) -> String? {
        guard let free, free < inodeReserve else { return nil }
        return
            "Only \(free) more files can be made on the disk of \(name)/ (inodes, see df -i), whatever space is free "
            + "there: remove small files, or make the file system anew with more inodes. Ring whoever looks after this "
            + "machine."
    }

    private func lookAtDescriptors() {
        let (limit, open) = (Descriptors.limit, Descriptors.open)
        let words = Descriptors.words(limit: limit, open: open, partners: wiring.agency.partners.all.count)
        wiring.agency.alarms.alarm("descriptors", words)
    }
}
