internal import Exchange
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Logging
internal import Settings

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
            await lookAtInodes()
            lookAtDescriptors()
            try? await Task.sleep(for: .seconds(10))
        }
    }

    /// What is written to a file that nobody finds again is lost: better to end, and to begin anew with what is there.
    private func lookAtLedger() async {
        let sqlite = wiring.sqlite
        guard let problem = try? await Blocking.run({ sqlite.misplaced }) else { return }
        broken(.broken(problem))
    }

    private func lookAtInodes() async {
        let folders = wiring.premises.folders
        let places = [
            ("work", folders.work), ("outbox", folders.outbox), ("inbox", folders.inbox), ("sent", folders.sent),
            ("held", folders.held), ("ledger", Premises.split(folders.ledger).folder),
        ]
        for (name, path) in places {
            guard let free = try? await Blocking.run({ try DiskSpace.freeInodes(at: Folder(path)) }) else { continue }
            wiring.office.standing.alarm("inodes/\(name)", Self.inodeWords(free, name))
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
        let words = Descriptors.words(limit: limit, open: open, partners: wiring.office.partners.all.count)
        wiring.office.standing.alarm("descriptors", words)
    }
}
