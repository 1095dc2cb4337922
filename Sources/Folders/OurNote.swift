internal import Glibc

/// A note of ours beside a thing that is not sent (`NAME.not-sent.txt`), known again by its name and its first line.
package enum OurNote {
    /// The first line of each: no other file begins so, unless it is a copy of one.
    package static let firstLine = "NOT SENT: Waybill has left something where it lies."

    /// Whether the file of this name is one, ours or a copy: it is never a consignment.
    package static func isOne(_ name: FileName, in folder: Folder) -> Bool {
        guard DropName.mayBeNote(name), let file = try? FileHandle(name, in: folder, .read) else { return false }
        guard let facts = try? file.facts(), facts.kind == .regular else { return false }
        return (try? file.read(firstLine.utf8.count, at: 0)) == Array(firstLine.utf8)
    }

    /// Whether it is one that we wrote, so that we may change and remove it.
    package static func isOurs(_ name: FileName, in folder: Folder) -> Bool {
        guard let facts = try? folder.lookup(name), facts.owner == User.effective else { return false }
        return isOne(name, in: folder)
    }
}
