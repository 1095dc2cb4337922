internal import Folders

/// So many names of a folder at a look, and the next ones at the next: whoever may write there may lay any number of them.
struct FolderPages {
    struct Page: Sendable {
        let names: [FileName]
        /// There are no others.
        let isWhole: Bool
    }

    private let most: Int
    private var position = 0
    /// The last look saw every name.
    private(set) var isWhole = true

    init(most: Int) { self.most = most }

    mutating func next(_ open: @Sendable @escaping () throws -> Folder) async throws -> (Folder, Page) {
        let (from, most) = (position, most)
        // After trouble from the beginning.
        position = 0
        let (folder, names, next) = try await Blocking.run {
            let folder = try open()
            let (names, next) = try folder.entries(from: from, atMost: most)
            return (folder, names, next)
        }
        isWhole = from == 0 && next == nil
        position = next ?? 0
        return (folder, Page(names: names, isWhole: isWhole))
    }

    /// So many names in all, a part in memory at a time, for a courier who tidies. Blocks.
    static func each(in folder: Folder, _ body: (FileName) throws(FileTrouble) -> Void) throws(FileTrouble) {
        var position: Int? = 0
        for _ in 0..<10 {
            guard let from = position else { return }
            let (names, next) = try folder.entries(from: from, atMost: FolderCollector.mostNames)
            for name in names { try body(name) }
            position = next
        }
    }
}
