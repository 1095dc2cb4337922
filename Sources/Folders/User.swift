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

    /// The user id of a login name; nil if the machine knows no such account.
    package static func id(named name: String) -> UInt32? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard unsafe getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, unsafe found != nil else {
            return nil
        }
        return unsafe entry.pw_uid
    }

    /// The user id that this process acts as.
    package static var effective: UInt32 { geteuid() }

    /// Whether an account belongs to a group, by its primary group or as a member; false for one that the machine does
    /// not know.
    package static func isMember(_ id: UInt32, of group: Group) -> Bool {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard unsafe getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, unsafe found != nil,
            let name = unsafe entry.pw_name
        else { return false }
        if unsafe entry.pw_gid == group.id { return true }
        var count: Int32 = 4096
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard unsafe getgrouplist(name, entry.pw_gid, &groups, &count) >= 0 else { return false }
        return groups.prefix(Int(count)).contains(group.id)
    }
}
