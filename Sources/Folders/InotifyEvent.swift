internal import Glibc

/// One event as the kernel writes it (inotify(7)): watch, mask, cookie, length, then the name padded with NULs.
struct InotifyEvent: Hashable {
    let watch: Int32
    let mask: UInt32
    /// The same in both events of one rename.
    let cookie: UInt32
    let name: FileName?

    /// What a folder is watched for.
    static func mask(_ interest: FolderWatcher.Interest) -> UInt32 {
        let always = IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
        return switch interest {
        // IN_MOVED_FROM tells a rename inside the folder from one into it (`RenamesInside`).
        case .arrivals: UInt32(always | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE)
        case .departures: UInt32(always | IN_MOVED_FROM | IN_DELETE)
        case .departuresAndOpenings: UInt32(always | IN_MOVED_FROM | IN_DELETE | IN_OPEN)
        }
    }

    var kind: FolderHint.Kind? {
        if mask & UInt32(IN_Q_OVERFLOW) != 0 { return .overflow }
        if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT) != 0 { return .folderGone }
        if mask & UInt32(IN_MOVED_TO) != 0 { return .movedIn }
        // Folders inside, and every listing of the folder itself.
        if mask & UInt32(IN_ISDIR) != 0 { return nil }
        if mask & UInt32(IN_MOVED_FROM) != 0 { return .movedOut }
        if mask & UInt32(IN_DELETE) != 0 { return .removed }
        if mask & UInt32(IN_OPEN) != 0 { return .opened }
        return mask & UInt32(IN_CLOSE_WRITE) != 0 ? .closedAfterWriting : nil
    }

    /// Takes apart what one `read` gave. Bytes that do not make an event end it.
    static func parse(_ bytes: ArraySlice<UInt8>) -> [InotifyEvent] {
        var rest = bytes
        var events: [InotifyEvent] = []
        while rest.count >= 16 {
            let length = Int(number(rest.dropFirst(12)))
            guard rest.count - 16 >= length else { break }
            let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
            events.append(
                InotifyEvent(
                    watch: Int32(bitPattern: number(rest)), mask: number(rest.dropFirst(4)),
                    cookie: number(rest.dropFirst(8)), name: FileName(bytes: name)))
            rest = rest.dropFirst(16 + length)
        }
        return events
    }

    /// Little-endian, as every machine that Swift runs on.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let four = bytes.prefix(4)
        return four.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Tells renames inside a folder from those into it: a rename's first half, of the same folder, comes before its second
/// (inotify(7): the two are usually consecutive, and carry the same cookie).
struct RenamesInside {
    /// More than one rename is seldom under way between two events of one.
    private static let most = 64
    private var left: [(cookie: UInt32, watch: Int32, name: FileName?)] = []
    /// After lost events a second half may have lost its first: so many are not believed to come from elsewhere.
    private var doubted = 0

    /// What to hint at; nil for a first half, which says nothing of arrivals.
    mutating func judge(_ event: InotifyEvent, _ kind: FolderHint.Kind) -> FolderHint.Kind? {
        switch kind {
        case .movedOut:
            if left.count == Self.most { left.removeFirst() }
            left.append((event.cookie, event.watch, event.name))
            return nil
        case .movedIn:
            guard let at = left.firstIndex(where: { $0.cookie == event.cookie && $0.watch == event.watch }) else {
                guard doubted > 0 else { return .movedIn }
                doubted -= 1
                return .renamedInside
            }
            let old = left.remove(at: at).name
            return old.map(DropName.isIgnored) == true ? .movedIn : .renamedInside
        default: return kind
        }
    }

    /// The kernel's queue ran over.
    mutating func lostEvents() {
        left = []
        doubted = Self.most
    }
}
