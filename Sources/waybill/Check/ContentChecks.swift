internal import Inspection
internal import Policy
internal import Premises
internal import Settings

/// The content check: its words, its extractors, and what confines them.
struct ContentChecks {
    private let premises: InstalledAgency

    init(_ premises: InstalledAgency) { self.premises = premises }

    func lines() -> [CheckLine] {
        let toolbox = Toolbox.find()
        let missing = toolbox.missing.map {
            CheckLine.warning("content check", $0, fix: "Install it; until then such files are \"not checked\".")
        }
        return [words, walls(toolbox)] + missing
    }

    private var words: CheckLine {
        let fix = "Restore the shipped words file to \(premises.folders.catalogue)."
        do {
            guard let lexicon = try LawFiles.words(premises.folders) else {
                return .warning("content check", "there is no words file: nothing is checked", fix: fix)
            }
            return .ok("content check", "words of version \(lexicon.version), \(lexicon.families.count) families")
        } catch {
            return .failed("content check", Explained.words(of: error), fix: fix)
        }
    }

    private func walls(_ toolbox: Toolbox) -> CheckLine {
        guard let confinement = toolbox.confinement, confinement.walls != .none else {
            return .warning(
                "extractors", "limits hold, but nothing shuts them off from the network",
                fix: "Allow the namespaces named in systemd/waybilld.service, or accept it.")
        }
        guard confinement.files != nil else {
            return .warning(
                "extractors", "shut off from the network, but not from the files of this user, keys included",
                fix: "Run a kernel with Landlock (Debian 12 has it), or accept it.")
        }
        return .ok("extractors", "confined: \(confinement.walls.rawValue), no file of ours")
    }
}
