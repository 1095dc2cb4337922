internal import Folders
package import Vocabulary

/// `.places` in the installation's own folder: the marks that `init` made, until there is a ledger that remembers them.
package struct PlaceList: Sendable {
    private let folder: String
    private static let file = ".places"
    private static let most = 4096

    package init(in folder: String) { self.folder = folder }

    /// Marks each root and writes the list. Durable on return. Blocks.
    package func found(_ paths: [Root: String]) throws {
        var marks: [String: JSON] = [:]
        for (root, path) in paths {
            let mark = PlaceMark.random()
            try mark.put(in: Folder(path))
            marks[root.rawValue] = .string(mark.hex)
        }
        try DurableFile.write(
            JSON.object(marks).encoded, to: Folder(folder), Names.file(Self.file), mode: 0o644, clash: .noReplace)
    }

    /// Empty where there is none: an older version made the installation, or the ledger has it all. Blocks.
    func read() throws -> [Root: PlaceMark] {
        let bytes: [UInt8]
        do { bytes = try DurableFile.read(Names.file(Self.file), in: Folder(folder), atMost: Self.most) } catch let
            trouble as FileTrouble where trouble.reason == .missing
        {
            return [:]
        }
        var (m, marks) = (try JSONMembers(JSON(parsing: bytes), of: Self.file), [Root: PlaceMark]())
        for root in Root.allCases {
            guard let mark = PlaceMark(try m.string(root.rawValue)) else { throw Malformed(Self.file, "not a mark") }
            marks[root] = mark
        }
        return marks
    }

    /// The ledger has it now. Blocks.
    func remove() throws {
        let folder = try Folder(folder)
        do { try folder.remove(Names.file(Self.file)) } catch let trouble as FileTrouble
            where trouble.reason == .missing
        {
            return
        }
        try folder.sync()
    }
}
