internal import Glibc

/// A group of users of this machine, such as `waybill-readers`.
package struct Group: Hashable, Sendable {
    package let id: UInt32

    package init(id: UInt32) { self.id = id }

    /// Nil if the machine knows no group of this name.
    package init?(named name: String) {
        var entry = unsafe group()
        var found: UnsafeMutablePointer<group>? = nil
        var buffer = [CChar](repeating: 0, count: 16_384)
        while true {
            let answer = unsafe getgrnam_r(name, &entry, &buffer, buffer.count, &found)
            // A group with very many members needs more room than anybody can know beforehand.
            guard answer == ERANGE, buffer.count < 1 << 24 else { break }
            buffer = [CChar](repeating: 0, count: buffer.count * 4)
        }
        guard unsafe found != nil else { return nil }
        id = unsafe entry.gr_gid
    }
}
