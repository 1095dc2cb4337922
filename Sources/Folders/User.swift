internal import Glibc

/// An account of this machine.
package enum User {
    /// The login name of a user id; nil if the machine knows none.
    package static func name(of id: UInt32) -> String? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let answer = unsafe getpwuid_r(id, &entry, &buffer, buffer.count, &found)
        guard answer == 0, unsafe found != nil, let name = unsafe entry.pw_name else { return nil }
        return unsafe String(cString: name)
    }

    /// The user id that this process acts as.
    package static var effective: UInt32 { geteuid() }
}
