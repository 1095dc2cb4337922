internal import Folders
internal import Premises
internal import Settings

/// What the daemon can do with files of the people who drop them: see who still writes, and read what is closed to it.
///
/// It is asked for the daemon, with the owner that such files have: of the running one the kernel tells its privileges;
/// of one that does not run only its own user can ask.
struct DropChecks {
    private let premises: InstalledAgency

    init(_ premises: InstalledAgency) { self.premises = premises }

    private var outbox: String { premises.folders.outbox }

    func leases() -> CheckLine {
        let what = "read leases"
        do {
            let folder = try Folder(outbox)
            guard FileSystemKind.of(folder).leasesWork else {
                return .warning(
                    what,
                    "are not to be had on this file system: settle alone (\(premises.settings.settle)) tells a finished file",
                    fix: "Nothing, if files come from a share; else put the outbox on ext4, xfs or btrfs.")
            }
            guard try Self.seeWriters(in: folder) else {
                return .warning(what, "do not tell who is still writing", fix: "Put the outbox on ext4, xfs or btrfs.")
            }
            return ofOthers(try holds(.lease, .effective, folder))
        } catch {
            return .failed(what, "\(error)", fix: "Give \(outbox) to the daemon's user.")
        }
    }

    private func ofOthers(_ held: Bool?) -> CheckLine {
        let what = "read leases"
        let fix =
            "AmbientCapabilities=CAP_LEASE in the unit. Until then a file must stand still for "
            + "\(premises.settings.settle), and one that a program keeps open without writing is taken for whole."
        switch held {
        case true?: return .ok(what, "tell whether somebody is still writing, whoever dropped it")
        case false?:
            return .warning(
                what,
                "work for files of the daemon's own user only: of all others settle alone tells whether they are finished",
                fix: fix)
        case nil: return Self.unknown(what)
        }
    }

    /// Files of mode 0600, as `cp -p`, `mv` and a umask of 077 leave them.
    func privateFiles() -> CheckLine {
        let what = "private files"
        let tell = "a file of mode 0600 of somebody else is not sent, and its owner is told beside it"
        do {
            let held = try holds(.fileOwner, .permitted, Folder(outbox))
            guard let held else { return Self.unknown(what) }
            guard held else {
                return .warning(
                    what, "cannot be opened: \(tell)",
                    fix: "AmbientCapabilities=CAP_LEASE CAP_FOWNER in the unit (systemd/README.md).")
            }
            guard premises.settings.groups.senders != nil || User.effective == 0 else {
                return .warning(
                    what, "are of nobody whom the settings know: \(tell)",
                    fix: "Say who may drop files: groups: { senders: waybill-senders }")
            }
            return .ok(what, "are opened for those who may drop files")
        } catch {
            return .failed(what, "\(error)", fix: "Give \(outbox) to the daemon's user.")
        }
    }

    private static func unknown(_ what: String) -> CheckLine {
        .warning(
            what, "the daemon does not run and you are not its user: what it may do is not known",
            fix: "Start the daemon and check again.")
    }

    /// Of the running daemon, or of ourselves if we are its user.
    private func holds(_ capability: Capability, _ set: Capability.HeldSet, _ folder: Folder) throws -> Bool? {
        if let id = premises.runningDaemon, let held = capability.isHeld(byProcess: id, set) { return held }
        guard try folder.facts().owner == User.effective else { return nil }
        return set == .effective ? capability.isInEffect : capability.isPermitted
    }

    /// Claims a file that is open for writing: the real thing. A file of our own, so that it asks the file system only.
    private static func seeWriters(in folder: Folder) throws -> Bool {
        let name = FileName.temporary()
        defer { try? folder.remove(name) }
        let writer = try FileHandle(name, in: folder, .create(mode: 0o600))
        let outcome = try FileClaimer(leases: true).claim(name, in: folder, into: folder)
        try writer.sync()
        guard case .stillBeingWritten = outcome else { return false }
        return true
    }
}
