package import Folders
internal import Glibc
internal import Vocabulary

/// Turns texts that are names by construction into names for the kernel.
package enum Names {
    package static func file(_ text: String) throws(FileTrouble) -> FileName {
        guard let name = FileName(text) else { throw FileTrouble("use a name", errno: EINVAL) }
        return name
    }

    /// The note beside a file, such as `minutes.pdf.receipt.txt`.
    static func note(_ name: String, _ suffix: String) throws(FileTrouble) -> FileName {
        try file(SafeName.note(name, suffix: suffix))
    }

    static func staged(_ id: ConsignmentID) throws(FileTrouble) -> FileName { try file(id.text) }
}

extension FileFacts {
    /// Knows a file again after a restart: device, inode, size and time of last writing. Not the time of last status
    /// change, which every rename moves.
    var mark: String { "\(stamp.device):\(stamp.inode):\(stamp.size):\(stamp.modified)" }

    /// Whether a remembered mark is of this file. The device is noted and decides nothing: its number changes with a restart
    /// of the machine on NFS, CIFS and btrfs, and which file system it is says the mark of the place (`Places`).
    package func isMarked(_ mark: String?) -> Bool {
        guard let mark else { return false }
        return Self.withoutDevice(mark) == Self.withoutDevice(self.mark)
    }

    /// `inode:size:time` of a mark.
    static func withoutDevice(_ mark: String) -> Substring { mark.drop { $0 != ":" } }
}
