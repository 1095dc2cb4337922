package import Exchange
package import Folders
internal import Law
package import Settings
internal import Vocabulary

/// An installation on disk: its settings and where its files are.
package struct InstalledAgency: Sendable {
    /// `waybill.yaml`, absolute.
    package let configuration: String
    package let settings: Installation

    package var folders: InstallationFolders { settings.folders }
    /// Whom to telephone, as the settings said when they were read.
    package var contacts: ContactBook { ContactBook(settings) }
    package var cardPath: String { "\(folders.root)/card.p7s" }

    /// Reads the settings; every mistake in them is told.
    package init(configuration: String) throws {
        let path = Self.absolute(configuration)
        let (folder, file) = Self.split(path)
        guard let name = FileName(file), let place = try? Folder(folder) else {
            throw Self.missing(path)
        }
        let bytes: [UInt8]
        do { bytes = try DurableFile.read(name, in: place, atMost: 1 << 20) } catch  where error.reason == .missing {
            throw Self.missing(path)
        } catch {
            throw Trouble(
                "The settings \(path) cannot be read.", why: "\(error)", fix: "Check owner and mode of the file.")
        }
        self.configuration = path
        settings = try InstallationReader.read(bytes, file: path, folder: folder).get()
    }

    /// Takes the installation's lock: one daemon, or one command that changes something, at a time.
    package func lock() throws -> InstallationLock {
        do {
            return try InstallationLock(in: Folder(folders.root), Self.lockName())
        } catch let refusal as InstallationLock.Refusal {
            guard case .heldBy(let pid) = refusal else {
                throw Trouble(
                    "The installation cannot be locked.", why: "\(refusal)", fix: "Check who owns \(folders.root).")
            }
            throw Trouble(
                "Another Waybill works on this installation.",
                why: "Process \(pid.map(String.init) ?? "unknown") holds its lock.",
                fix: "Stop that one first: systemctl stop waybilld")
        }
    }

    /// The daemon's process id; nil if it does not run.
    package var runningDaemon: Int32? {
        (try? InstallationLock.holder(in: Folder(folders.root), Self.lockName())) ?? nil
    }

    private static func lockName() throws -> FileName {
        guard let name = FileName(".lock") else { throw FileTrouble("name the lock", errno: 22) }
        return name
    }

    private static func missing(_ path: String) -> Trouble {
        Trouble(
            "There are no settings at \(path).", why: "No such file.",
            fix:
                "Name them with --config FILE or WAYBILL_CONFIG, or make an installation: waybill init DIR --agency ID ..."
        )
    }

    package static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileSystem.workingFolder)/\(path)"
    }

    package static func split(_ path: String) -> (folder: String, file: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }
}
