internal import Folders
internal import Synchronization

/// The account that owns a dropped file, by name where the machine knows one.
enum Account {
    private static let known = Mutex<[UInt32: String]>([:])

    static func name(of uid: UInt32) -> String {
        if let name = known.withLock({ $0[uid] }) { return name }
        let name = User.name(of: uid) ?? "uid-\(uid)"
        known.withLock { $0[uid] = name }
        return name
    }
}
