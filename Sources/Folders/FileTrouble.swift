internal import Glibc

/// What went wrong with a file or folder, sorted by what the caller should do about it.
///
/// It never holds a path or a name: what partners call their files may name a child.
package struct FileTrouble: Error, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// ENOENT, ENOTDIR: somebody took it away. Look again.
        case missing
        /// EACCES, EPERM: a person must change the permissions.
        case notPermitted
        /// EEXIST, ENOTEMPTY: the name is taken. Choose another.
        case exists
        /// ENOSPC, EDQUOT: wait for space, try again.
        case full
        /// EROFS: a person must mount it writable.
        case readOnly
        /// EMFILE, ENFILE: too much is open. Try again.
        case tooManyOpen
        /// Anything else, by errno.
        case other(Int32)
    }

    package let reason: Reason
    /// What was being done, such as `rename a file`.
    package let operation: StaticString
    package let errno: Int32

    package init(_ operation: StaticString, errno: Int32) {
        self.operation = operation
        self.errno = errno
        self.reason = Self.reason(of: errno)
    }

    private static func reason(of errno: Int32) -> Reason {
        switch errno {
        case ENOENT, ENOTDIR: .missing
        case EACCES, EPERM: .notPermitted
        case EEXIST, ENOTEMPTY: .exists
        case ENOSPC, EDQUOT: .full
        case EROFS: .readOnly
        case EMFILE, ENFILE: .tooManyOpen
        default: .other(errno)
        }
    }

    package var description: String { "could not \(operation): \(errorText) (errno \(errno)); \(advice)" }

    private var errorText: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(errno, &buffer, buffer.count) == 0 else { return "unknown error" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// What to do, in a few words.
    package var advice: String {
        switch reason {
        case .missing: "look whether it was moved or removed"
        case .notPermitted: "check owner, group and mode of the folder and its files"
        case .exists: "another name is needed"
        case .full: "free space on this disk or raise the quota"
        case .readOnly: "mount this file system writable"
        case .tooManyOpen: "it is tried again; raise the limit of descriptors (LimitNOFILE= in the unit, ulimit -n)"
        case .other: "run waybill check"
        }
    }
}
