/// Why a name is never taken for a consignment. Each kind has one sentence for the person who finds it in `status`.
package enum UntakenName: String, Hashable, Sendable, CaseIterable {
    /// A temporary file or folder of our own.
    case ours
    /// What a browser, a transfer or a sync program writes before it gives the file its name.
    case unfinished
    /// What an office program keeps beside a document that is open.
    case lock = "office-lock"
    /// A backup or swap file of an editor, and whatever else begins or ends as temporary files do.
    case leftover = "editor-file"
    /// What Windows, macOS, a NAS or a sync program puts into folders for itself.
    case litter = "system-file"
    /// Where a file came from, written beside it by a system that cannot keep it in the file.
    case stream = "download-mark"
    case hidden

    /// Litter is there at once what it is; the others may be somebody's work under way.
    package var isLitter: Bool { self == .litter || self == .stream }

    /// Whether its owner is told beside it when it lies there for long: a person may have meant it to go.
    package var deservesNote: Bool { self == .unfinished || self == .leftover }

    /// What it is.
    package var why: String {
        switch self {
        case .ours: "A temporary file of Waybill itself"
        case .unfinished: "Its name says that it is not finished"
        case .lock: "The lock file of an office program is never sent"
        case .leftover: "Backup and temporary files of programs are never sent"
        case .litter: "Files that a system keeps for itself are never sent"
        case .stream: "It only says where the file beside it came from and is never sent"
        case .hidden: "Hidden files are never sent"
        }
    }

    /// What a person should do.
    package var remedy: String {
        switch self {
        case .ours: "nothing to do"
        case .unfinished: "send it again, or rename it if it is whole, or remove it"
        case .lock: "remove it if nobody has the document open"
        case .litter, .stream: "remove it"
        case .leftover, .hidden: "rename it if it is meant to go, or remove it"
        }
    }
}

extension DropName {
    /// Nil for a name that may be a consignment or its label.
    package static func untaken(_ name: FileName) -> UntakenName? {
        let bytes = name.slice
        if let first = bytes.first, first == UInt8(ascii: ".") || first == UInt8(ascii: "~") {
            return marked(name, bytes)
        }
        // Almost every name ends here: a letter or digit last, and no ending that says more.
        if let ending = ending(of: bytes) { return ending }
        if isLitter(bytes) { return .litter }
        if isStream(bytes) { return .stream }
        return isBackup(bytes) ? .leftover : nil
    }

    /// Names that begin with a dot or a tilde.
    private static func marked(_ name: FileName, _ bytes: ArraySlice<UInt8>) -> UntakenName {
        if name.isTemporary || ours.contains(where: { bytes.starts(with: $0) }) { return .ours }
        if bytes.starts(with: "~$".utf8) || bytes.starts(with: ".~lock.".utf8) || bytes.starts(with: ".#".utf8) {
            return .lock
        }
        if hiddenLitter.contains(where: { equals(bytes, $0) }) || bytes.starts(with: "._".utf8) { return .litter }
        if let ending = ending(of: bytes) { return ending }
        return bytes.first == UInt8(ascii: "~") ? .leftover : .hidden
    }

    /// What the part after the last dot says. Whole endings only: `report.template` is a report.
    private static func ending(of bytes: ArraySlice<UInt8>) -> UntakenName? {
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let ending = String(decoding: bytes[dot...].map(lowered), as: UTF8.self)
        if let known = endings[ending] { return known }
        // `report.pdf.tmp.4711`, `report.pdf.tmp-4711`, `report.pdf.tmp4711`: a number that a program counted or drew.
        let digits = bytes.reversed().prefix { (0x30...0x39).contains($0) }.count
        guard digits > 0 else { return nil }
        let rest = bytes.dropLast(digits)
        return [".tmp", ".tmp.", ".tmp-", ".tmp_"].contains { hasSuffix(rest, $0) } ? .unfinished : nil
    }

    private static let endings: [String: UntakenName] = {
        var all: [String: UntakenName] = [:]
        for ending in unfinished { all[ending] = .unfinished }
        for ending in [".swp", ".swo", ".swn", ".swx", ".kate-swp", ".asd", ".wbk"] { all[ending] = .leftover }
        all[".laccdb"] = .lock
        for ending in [".ffs_db", ".ffs_lock", ".ffs_real"] { all[ending] = .litter }
        return all
    }()

    /// Browsers; download managers and peer-to-peer programs; copy, sync and transfer programs. `.partial` is rclone's
    /// too, after eight random letters; `.part` also KDE's, Nextcloud's, curl's wrappers' and old rsync wrappers'.
    private static let unfinished = [
        ".part", ".partial", ".crdownload", ".download", ".opdownload", ".tmp", ".temp",
        ".aria2", ".ytdl", ".fdmdownload", ".adadownload", ".dctmp", ".dltmp", ".xltd", ".jc!", ".ob!",
        ".!qb", ".!ut", ".!bt", ".bc!",
        ".filepart", ".ffs_tmp", ".!sync", ".syncpart", ".synctemp", ".unfinished", ".incomplete", ".inprogress",
        ".uploading", ".downloading", ".transferring", ".copying", ".in-progress",
    ]

    /// Marks of places (`PlaceMark`), and where claimed files lie if the outbox is on a mount of its own.
    private static let ours = [Array(".waybill-place-".utf8), Array(".work".utf8)]

    private static let hiddenLitter = [
        ".ds_store", ".appledouble", ".lsoverride", ".directory", ".localized", ".apdisk", ".dropbox", ".dropbox.attr",
        ".picasa.ini", ".sync.ffs_db", ".nextcloudsync.log", ".owncloudsync.log", ".spotlight-v100", ".trashes",
        ".fseventsd", ".temporaryitems", ".documentrevisions-v100",
    ]

    /// Whole names. Macs write `Icon` and a carriage return, which Samba shows as a private letter.
    private static let litter = [
        "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "iconcache.db", "autorun.inf", "picasa.ini",
        "icon\r", "icon\u{f00d}", "$recycle.bin", "system volume information", "recycler", "lost+found", "__macosx",
        "@eadir", "@tmp", "@recycle", "#recycle", "#snapshot", "dfsrprivate", "network trash folder", "temporary items",
        "sync.ffs_lock", "sync.ffs_db",
    ]

    /// Whether a system, a NAS or a sync program made it for itself; folders among them.
    static func isLitter(_ bytes: ArraySlice<UInt8>) -> Bool {
        // Netatalk writes a leading dot as `:2e`.
        bytes.starts(with: ":2e".utf8) || litter.contains { equals(bytes, $0) }
    }

    /// `minutes.pdf:Zone.Identifier`, with the colon as Windows, Samba, WSL or an archive program writes it.
    private static func isStream(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let last = bytes.last.map(lowered), streamsEnd.contains(last) else { return false }
        return streams.contains { hasSuffix(bytes, $0) }
    }

    private static let streams: [String] = {
        let names = [
            "zone.identifier", "zone.identifier:$data", "smartscreen", "encryptable", "afp_afpinfo", "afp_resource",
            "com.apple.quarantine", "com.apple.metadata", "com.dropbox.attributes", "com.dropbox.attrs",
        ]
        let colons = [":", "\u{f03a}", "\u{f022}", "%3a", "\u{ff1a}"]
        return colons.flatMap { colon in names.map { colon + $0 } } + ["_zone.identifier", ".zone.identifier"]
    }()
    private static let streamsEnd = Set(streams.compactMap(\.utf8.last))

    /// `NAME~` (most editors) and `#NAME#` (Emacs).
    private static func isBackup(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let last = bytes.last else { return false }
        if last == UInt8(ascii: "~") { return true }
        return last == UInt8(ascii: "#") && bytes.first == last && bytes.count > 2
    }

    private static func equals(_ bytes: ArraySlice<UInt8>, _ name: String) -> Bool {
        bytes.count == name.utf8.count && hasSuffix(bytes, name)
    }
}
