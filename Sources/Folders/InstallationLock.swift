internal import Glibc

/// One daemon for one installation: a lock that the kernel gives back when the process ends, however it ends.
package struct InstallationLock: ~Copyable, Sendable {
    package enum Refusal: Error, Sendable {
        /// Another process has it; its id, if it could be read.
        case heldBy(pid: Int32?)
        case trouble(FileTrouble)
    }

    private let file: FileHandle

    /// Takes the lock on `name` in `folder`, never waiting, and writes our process id into the file.
    package init(in folder: Folder, _ name: FileName) throws(Refusal) {
        do {
            try self.init(locking: Self.open(name, in: folder))
        } catch {
            throw error.errno == EWOULDBLOCK ? .heldBy(pid: Self.writtenPID(name, in: folder)) : .trouble(error)
        }
    }

    private init(locking file: consuming FileHandle) throws(FileTrouble) {
        let descriptor = file.descriptor
        try systemCall("lock the installation") { flock(descriptor, LOCK_EX | LOCK_NB) }
        try file.truncate(to: 0)
        try file.write(Array("\(getpid())\n".utf8), at: 0)
        self.file = file
    }

    /// The process that holds the lock; nil if nobody does. Takes it for a moment to find out.
    package static func holder(in folder: Folder, _ name: FileName) throws(FileTrouble) -> Int32? {
        guard try folder.lookup(name) != nil else { return nil }
        let file = try FileHandle(name, in: folder, .read)
        guard flock(file.descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return writtenPID(name, in: folder)
    }

    private static func open(_ name: FileName, in folder: Folder) throws(FileTrouble) -> FileHandle {
        do {
            return try FileHandle(name, in: folder, .create(mode: 0o640))
        } catch let error where error.reason == .exists {
            return try FileHandle(name, in: folder, .readWrite)
        }
    }

    private static func writtenPID(_ name: FileName, in folder: Folder) -> Int32? {
        guard let bytes = try? DurableFile.read(name, in: folder, atMost: 32) else { return nil }
        return Int32(String(decoding: bytes.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
