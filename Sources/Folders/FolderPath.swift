internal import Glibc

extension Folder {
    /// Opens the folder at a path, making what is missing of it, each part with exactly this mode. Durable on return:
    /// every new folder and its parent are synced.
    package static func make(_ path: String, mode: UInt32) throws(FileTrouble) -> Folder {
        do {
            return try Folder(path)
        } catch let error where error.errno == ENOENT {}
        let slash = UInt8(ascii: "/")
        let parts = path.utf8.split(separator: slash)
        guard let last = parts.last.flatMap({ FileName(bytes: Array($0)) }) else {
            throw FileTrouble("make a folder", errno: EINVAL)
        }
        let start = path.utf8.first == slash ? "/" : "./"
        let parent = start + parts.dropLast().map { String(decoding: Array($0), as: UTF8.self) }.joined(separator: "/")
        return try make(parent, mode: mode).makeSubfolder(last, mode: mode)
    }
}
