import Folders
import Testing

/// Opens a file for reading. The path is absolute.
func opened(_ path: String) throws -> SharedFile {
    let cut = try #require(path.lastIndex(of: "/"))
    let name = try #require(FileName(String(path[path.index(after: cut)...])))
    return SharedFile(try FileHandle(name, in: Folder(String(path[..<cut])), .read))
}
