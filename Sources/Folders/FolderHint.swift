/// Something happened in a watched folder. Only a hint: what counts is what a scan finds.
package struct FolderHint: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A name was renamed into the folder from elsewhere, or from a name that is never taken.
        case movedIn
        /// A name of the folder became another.
        case renamedInside
        /// A file that was open for writing was closed.
        case closedAfterWriting
        /// A name was renamed out of the folder, or to another name in it.
        case movedOut
        case removed
        /// A program opened a file that stands in the folder: any program, virus scanners and backups among them.
        case opened
        /// Hints were lost: scan every watched folder.
        case overflow
        /// The folder itself was removed, moved or unmounted: nothing more will be heard of it.
        case folderGone
    }

    /// As given to `FolderWatcher.watch`; nil for `.overflow`.
    package let folder: Int?
    package let name: FileName?
    package let kind: Kind

    static let overflow = FolderHint(folder: nil, name: nil, kind: .overflow)

    package init(folder: Int?, name: FileName?, kind: Kind) {
        self.folder = folder
        self.name = name
        self.kind = kind
    }
}
