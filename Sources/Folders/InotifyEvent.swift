internal import Glibc

/// One event as the kernel writes it (inotify(7)): watch, mask, cookie, length, then the name padded with NULs.
struct InotifyEvent: Hashable {
    let watch: Int32
    let mask: UInt32
    let name: FileName?

    /// What a folder is watched for.
    static func mask(_ interest: FolderWatcher.Interest) -> UInt32 {
        let always = IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
        return switch interest {
        case .arrivals: UInt32(always | IN_MOVED_TO | IN_CLOSE_WRITE)
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
                    name: FileName(bytes: name)))
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
