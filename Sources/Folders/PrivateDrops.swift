internal import Glibc

/// Lets this process read a dropped file that is closed to everybody but its owner (mode 0600, as `cp -p` and a umask of
/// 077 leave it), by an entry for our own user in the file's access list: with the privilege of a file's owner, for one
/// call, in one thread. Never by group or mode bits, which would show a private file to all senders.
///
/// Only for owners who may drop files here: a file that was moved here out of somebody else's folder is not opened.
package struct PrivateDrops: Sendable {
    enum Answer {
        /// It may be opened now; the facts are those after the change.
        case opened(FileFacts)
        /// Not of the senders' group.
        case notOfSenders
        /// We have not the privilege, or this file system knows no access lists.
        case impossible
        /// It is another file by now, or gone.
        case changed
    }

    private let isSender: @Sendable (UInt32) -> Bool

    /// - Parameter isSender: whether the account with this user id may drop files. Asked in a blocking job.
    package init(isSender: @escaping @Sendable (UInt32) -> Bool) { self.isSender = isSender }

    /// The members of a group, by primary group or by name.
    package init(ofMembersOf group: Group) { self.init { User.isMember($0, of: group) } }

    /// - Parameter seen: what was looked at, and must still be there.
    func open(_ name: FileName, in folder: Folder, seen: FileFacts) throws(FileTrouble) -> Answer {
        guard Capability.fileOwner.isPermitted else { return .impossible }
        guard isSender(seen.owner) else { return .notOfSenders }
        // The very file, whatever its name leads to by now: opened as a place only, which needs no permission of its.
        let place: FileHandle
        do { place = FileHandle(adopting: try Self.place(name, in: folder)) } catch {
            if error.reason == .missing { return .changed }
            throw error
        }
        guard try place.facts() == seen else { return .changed }
        guard Self.grant(place.descriptor, seen) else { return .impossible }
        return .opened(try place.facts())
    }

    private static func place(_ name: FileName, in folder: Folder) throws(FileTrouble) -> Int32 {
        // O_PATH, which Swift's Glibc does not import.
        try systemCall("look at a file") { openAt(folder.descriptor, name, 0o10000000 | O_NOFOLLOW | O_CLOEXEC) }
    }

    private static func grant(_ descriptor: Int32, _ facts: FileFacts) -> Bool {
        // Extended attributes go by path here: an O_PATH descriptor has no other way (open(2)).
        let path = "/proc/self/fd/\(descriptor)"
        let list = AccessList.of(path) ?? AccessList(mode: facts.mode)
        let bytes = list.letting(read: geteuid()).bytes
        guard let set = unsafe Attributes.set else { return false }
        return Capability.fileOwner.raised { unsafe set(path, AccessList.attribute, bytes, bytes.count, 0) } == 0
    }
}

extension AccessList {
    /// Nil for a file without one.
    static func of(_ path: String) -> AccessList? {
        unsafe read { buffer in unsafe Attributes.get?(path, attribute, buffer.baseAddress, buffer.count) ?? -1 }
    }

    /// Of an open file.
    static func of(_ file: borrowing FileHandle) -> AccessList? {
        let descriptor = file.descriptor
        return unsafe read { buffer in
            unsafe Attributes.getOpen?(descriptor, attribute, buffer.baseAddress, buffer.count) ?? -1
        }
    }

    /// Gives an open file of ours this list; false where there are none.
    func set(on file: borrowing FileHandle) -> Bool {
        let list = bytes
        return unsafe Attributes.setOpen?(file.descriptor, Self.attribute, list, list.count, 0) == 0
    }

    private static func read(_ get: (UnsafeMutableBufferPointer<UInt8>) -> Int) -> AccessList? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBufferPointer { unsafe get($0) }
        return count > 0 ? AccessList(Array(bytes.prefix(count))) : nil
    }
}

/// `sys/xattr.h`, which Swift's Glibc module leaves out; looked up by name, as in `GNU`.
private enum Attributes {
    typealias Text = UnsafePointer<CChar>
    typealias Get = @convention(c) (Text, Text, UnsafeMutablePointer<UInt8>?, Int) -> Int
    typealias GetOpen = @convention(c) (Int32, Text, UnsafeMutablePointer<UInt8>?, Int) -> Int
    typealias Set = @convention(c) (Text, Text, UnsafePointer<UInt8>, Int, Int32) -> Int32
    typealias SetOpen = @convention(c) (Int32, Text, UnsafePointer<UInt8>, Int, Int32) -> Int32

    static var get: Get? { unsafe dlsym(nil, "getxattr").map { unsafe unsafeBitCast($0, to: Get.self) } }
    static var getOpen: GetOpen? { unsafe dlsym(nil, "fgetxattr").map { unsafe unsafeBitCast($0, to: GetOpen.self) } }
    static var set: Set? { unsafe dlsym(nil, "setxattr").map { unsafe unsafeBitCast($0, to: Set.self) } }
    static var setOpen: SetOpen? { unsafe dlsym(nil, "fsetxattr").map { unsafe unsafeBitCast($0, to: SetOpen.self) } }
}
