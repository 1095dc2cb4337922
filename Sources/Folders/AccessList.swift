internal import Glibc

/// A POSIX access list as the kernel keeps it (acl(5), `linux/posix_acl_xattr.h`): version 2, then entries of tag,
/// permissions and id, all little-endian, in the order of their tags. Pure.
struct AccessList: Hashable {
    enum Tag: UInt16 { case owner = 1, user = 2, group = 4, namedGroup = 8, mask = 0x10, others = 0x20 }

    struct Entry: Hashable {
        var tag: Tag
        /// 4 read, 2 write, 1 execute.
        var permissions: UInt16
        /// Of a named user or group.
        var id: UInt32 = .max
    }

    static let attribute = "system.posix_acl_access"
    private(set) var entries: [Entry]

    /// What a mode says, for a file without a list.
    init(mode: UInt32) {
        let part = { (shift: UInt32) in UInt16(mode >> shift & 7) }
        entries = [
            Entry(tag: .owner, permissions: part(6)), Entry(tag: .group, permissions: part(3)),
            Entry(tag: .others, permissions: part(0)),
        ]
    }

    /// Nil for bytes that are no list.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 4, (bytes.count - 4).isMultiple(of: 8), Self.number(bytes[0..<4]) == 2 else { return nil }
        entries = []
        for at in stride(from: 4, to: bytes.count, by: 8) {
            guard let tag = Tag(rawValue: UInt16(Self.number(bytes[at..<at + 2]))) else { return nil }
            entries.append(
                Entry(
                    tag: tag, permissions: UInt16(Self.number(bytes[at + 2..<at + 4])) & 7,
                    id: Self.number(bytes[at + 4..<at + 8])))
        }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = [2, 0, 0, 0]
        for entry in entries {
            let low = UInt32(entry.tag.rawValue) | UInt32(entry.permissions) << 16
            for word in [low, entry.id] {
                for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(word >> shift & 0xff)) }
            }
        }
        return bytes
    }

    /// The same list for everybody else, and this user may read as well. Whatever the mask kept from others it keeps:
    /// a wider mask must not wake permissions that slept under it.
    func letting(read user: UInt32) -> AccessList {
        let mask = entries.first { $0.tag == .mask }?.permissions ?? 7
        var all = entries.filter { $0.tag != .mask && !($0.tag == .user && $0.id == user) }
        for i in all.indices where [.user, .group, .namedGroup].contains(all[i].tag) { all[i].permissions &= mask }
        all.append(Entry(tag: .user, permissions: 4, id: user))
        let wanted = all.filter { [.user, .group, .namedGroup].contains($0.tag) }.reduce(0) { $0 | $1.permissions }
        all.append(Entry(tag: .mask, permissions: wanted))
        var list = self
        list.entries = all.sorted { ($0.tag.rawValue, $0.id) < ($1.tag.rawValue, $1.id) }
        return list
    }

    /// What the file's own group may do.
    var ofGroup: UInt16 {
        let mask = entries.first { $0.tag == .mask }?.permissions ?? 7
        return (entries.first { $0.tag == .group }?.permissions ?? 0) & mask
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
