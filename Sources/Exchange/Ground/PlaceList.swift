internal import Folders
package import Settings
internal import Vocabulary

/// `.places` in the installation's own folder: the marks that `init` made, until there is a ledger that remembers them.
///
///     {"inbox":{"mark":"0123...","path":"/var/lib/waybill/inbox"},...}
package struct PlaceList: Sendable {
    private let folder: String
    private static let file = ".places"
    private static let most = 65_536

    package init(in folder: String) { self.folder = folder }

    /// Marks each root and writes the list. Durable on return. Blocks.
    package func found(_ paths: [Root: String]) throws {
        var entries: [String: JSON] = [:]
        for (root, path) in paths {
            let (mark, place) = (PlaceMark.random(), try Folder(path))
            try mark.put(in: place)
            entries[root.rawValue] = .object(["mark": .string(mark.hex), "path": .string(place.path ?? path)])
        }
        try DurableFile.write(
            JSON.object(entries).encoded, to: Folder(folder), Names.file(Self.file), mode: 0o644, clash: .noReplace)
    }

    /// Marks of the roots that are where they were. Empty where there is no list: an older version made the installation,
    /// or the ledger has it all. Blocks.
    func read(for paths: [Root: String]) throws -> [Root: PlaceMark] {
        let (folder, name) = (try Folder(folder), try Names.file(Self.file))
        guard try folder.lookup(name) != nil else { return [:] }
        let json = try JSON(kept: DurableFile.read(name, in: folder, atMost: Self.most))
        var members = try JSONMembers(json, of: Self.file)
        var marks: [Root: PlaceMark] = [:]
        for (root, path) in paths {
            let entry = try members.json(root.rawValue)
            // Where the settings have moved it elsewhere since, it was never marked.
            if let mark = try Self.mark(entry, at: path) { marks[root] = mark }
        }
        return marks
    }

    private static func mark(_ json: JSON, at path: String) throws -> PlaceMark? {
        var entry = try JSONMembers(json, of: file)
        guard let mark = PlaceMark(try entry.string("mark")) else { throw Malformed(file, "not a mark") }
        let marked = try entry.string("path")
        if marked == path { return mark }
        let folder = try? Folder(path)
        return folder?.path == marked ? mark : nil
    }

    /// The ledger has it now. Blocks.
    func remove() throws {
        let (folder, name) = (try Folder(folder), try Names.file(Self.file))
        guard try folder.lookup(name) != nil else { return }
        try folder.remove(name)
        try folder.sync()
    }
}

extension InstallationFolders {
    /// The folders that hold files.
    package var roots: [Root: String] {
        [.outbox: outbox, .work: work, .held: held, .sent: sent, .inbox: inbox]
    }
}
