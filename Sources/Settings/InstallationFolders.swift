/// Where an installation keeps things. Each may be moved by the settings.
package struct InstallationFolders: Hashable, Sendable {
    package var root: String
    package var outbox: String
    package var work: String
    package var held: String
    package var sent: String
    package var inbox: String
    package var keys: String
    package var partners: String
    package var agreements: String
    package var catalogue: String
    /// A file, on a local disk.
    package var ledger: String

    package init(root: String) {
        func place(_ name: String) -> String { Self.path(name, in: root) }
        self.root = root
        (outbox, work, held, sent) = (place("outbox"), place("work"), place("held"), place("sent"))
        (inbox, keys, partners) = (place("inbox"), place("keys"), place("partners"))
        (agreements, catalogue, ledger) = (place("agreements"), place("catalogue"), place("ledger.sqlite"))
    }

    /// `path` itself if absolute, else below `folder`.
    package static func path(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") { return path }
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }
}
