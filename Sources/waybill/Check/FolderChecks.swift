internal import Folders
internal import Premises
internal import Settings
internal import Vocabulary

/// Folders of an installation: there, ours, closed where they must be, on one mount where files are renamed.
struct FolderChecks {
    private let folders: InstallationFolders
    private let settings: Installation

    private let premises: InstalledAgency

    init(_ premises: InstalledAgency) {
        (folders, settings) = (premises.folders, premises.settings)
        self.premises = premises
    }

    func lines() async -> [CheckLine] {
        let all = [
            ("outbox", folders.outbox), ("work", folders.work), ("held", folders.held), ("sent", folders.sent),
            ("inbox", folders.inbox), ("keys", folders.keys), ("partners", folders.partners),
            ("agreements", folders.agreements), ("catalogue", folders.catalogue),
        ]
        var lines: [CheckLine] = []
        for (name, path) in all { lines.append(isThere(name, path)) }
        lines.append(await writes())
        for (a, b) in [("outbox", "work"), ("work", "held"), ("work", "sent")] { lines.append(await renames(a, b)) }
        let drops = DropChecks(premises)
        lines += [watches(), drops.leases(), drops.privateFiles()]
        if let program = settings.urgent.run.first { lines.append(hook(program)) }
        for (name, path) in [("outbox", folders.outbox), ("inbox", folders.inbox)] { lines.append(space(name, path)) }
        return lines
    }

    private func path(_ name: String) -> String {
        ["outbox": folders.outbox, "work": folders.work, "held": folders.held, "sent": folders.sent][name]
            ?? folders.root
    }

    private func isThere(_ name: String, _ path: String) -> CheckLine {
        let what = "folder \(name)"
        let facts: FileFacts
        do { facts = try Folder(path).facts() } catch {
            return .failed(
                what, "\(path): \(error)",
                fix:
                    "Mount the disk that belongs there. If there is none: install -d -m 750 \(path), owned by the daemon's user"
            )
        }
        let isPrivate = name == "keys" || name == "work"
        if isPrivate, facts.mode & 0o077 != 0 {
            return .failed(
                what, "\(path) is open to others (mode \(String(facts.mode, radix: 8)))", fix: "chmod 700 \(path)")
        }
        if !isPrivate, facts.mode & 0o002 != 0, facts.mode & 0o1000 == 0 {
            return .failed(what, "\(path) may be written by anybody", fix: "chmod o-w \(path)")
        }
        guard facts.owner == User.effective else {
            let owner = User.name(of: facts.owner) ?? String(facts.owner)
            return .warning(
                what, "\(path) belongs to \(owner), you are \(User.name(of: User.effective) ?? "?")",
                fix: "Run waybill check as the daemon's user.")
        }
        return .ok(what, "\(path), mode \(String(facts.mode, radix: 8))")
    }

    private func hook(_ program: String) -> CheckLine {
        let what = "command for urgent files"
        if Subprocess.isProgram(program) { return .ok(what, program) }
        return .failed(
            what, "\(program) is no program that you may run",
            fix: "Set urgent.run to one, or chmod 755 it; the daemon's user runs it.")
    }

    /// Makes, syncs, moves and removes a real file.
    private func writes() async -> CheckLine {
        await .trying("write and sync", fix: "Give \(folders.work) to the daemon's user and free some space.") {
            let folder = try Folder(folders.work)
            let name = FileName.temporary()
            try DurableFile.write(Array("check".utf8), to: folder, name, mode: 0o600)
            try folder.remove(name)
            return "a file was written to work/, synced and removed"
        }
    }

    private func renames(_ a: String, _ b: String) async -> CheckLine {
        await .trying(
            "rename \(a) to \(b)", fix: "Put \(a) and \(b) on one mount: two bind mounts of one disk are two mounts."
        ) {
            let (from, to) = (try Folder(path(a)), try Folder(path(b)))
            let (name, new) = (FileName.temporary(), FileName.temporary())
            try DurableFile.write([], to: from, name, mode: 0o600)
            do { try from.rename(name, to: to, as: new, .noReplace) } catch {
                try? from.remove(name)
                throw error
            }
            try to.remove(new)
            return "works"
        }
    }

    private func watches() -> CheckLine {
        let fix =
            "Raise fs.inotify.max_user_instances and max_user_watches (sysctl); until then the outbox is scanned only."
        do {
            let watcher = try FolderWatcher()
            defer { watcher.stop() }
            let folder = try Folder(folders.outbox)
            if case .network = FileSystemKind.of(folder) {
                return .warning(
                    "inotify", "the outbox is on a network file system: it is polled",
                    fix: "Nothing, if that is meant: files are taken a little later.")
            }
            if let trouble = watcher.watch(folder, id: 0) { return .warning("inotify", "\(trouble)", fix: fix) }
            return .ok("inotify", "tells when a file is dropped")
        } catch {
            return .warning("inotify", "\(error)", fix: fix)
        }
    }

    private func space(_ name: String, _ path: String) -> CheckLine {
        let what = "space for \(name)"
        do {
            let free = try DiskSpace.free(at: Folder(path))
            let text = "\(Words.bytes(free)) free, reserve \(Words.bytes(settings.diskReserve))"
            if free < settings.diskReserve {
                return .failed(
                    what, text, fix: "Free some space: nothing is claimed or taken in below the reserve (disk-reserve)."
                )
            }
            return free < settings.diskReserve * 4
                ? .warning(what, text, fix: "Free some space soon.") : .ok(what, text)
        } catch {
            return .failed(what, "\(error)", fix: "Make the folder.")
        }
    }
}
