/// Names that every client of the inbox can show and open.
package enum SafeName {
    /// The name under which a received file is published. The true one stands in `.waybills/ID.json`.
    ///
    /// A valid `FileName` for any input, composed: at most 255 bytes, never empty, the extension kept, but for those that a
    /// mere look into the folder acts upon. Already safe names are returned as they are.
    package static func forInbox(_ trueName: String) -> String {
        let scalars = nfc(trueName).unicodeScalars
        var name = String(String.UnicodeScalarView(scalars.map { isAllowed($0) ? $0 : "_" }))
        // Each remedy may call for another (a shortened stem may end in a dot); a few rounds reach the end.
        for _ in 0..<8 {
            let better = withoutMeaning(withoutBadEdges(shortened(name)))
            if better.utf8.elementsEqual(name.utf8) { break }
            name = better
        }
        return name
    }

    /// `minutes (2).pdf`, within 255 bytes.
    package static func numbered(_ name: String, _ number: Int) -> String {
        let (stem, ending) = split(name)
        return fit(stem, before: " (\(number))\(ending)")
    }

    /// `minutes.pdf.receipt.txt`, within 255 bytes: the name of a note beside a file.
    package static func note(_ name: String, suffix: String) -> String {
        let (stem, ending) = split(name)
        return fit(stem, before: ending + suffix)
    }

    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > FileName.greatestLength else { return name.isEmpty ? "_" : name }
        let (stem, ending) = split(name)
        return fit(stem, before: ending)
    }

    /// Cuts the stem on a character boundary, or between scalars if one character alone is too long.
    private static func fit(_ stem: String, before ending: String) -> String {
        let room = FileName.greatestLength - ending.utf8.count
        guard stem.utf8.count > room else { return stem + ending }
        var bytes = 0
        let characters = stem.prefix { character in
            bytes += character.utf8.count
            return bytes <= room
        }
        guard characters.isEmpty else { return characters + ending }
        bytes = 0
        let scalars = stem.unicodeScalars.prefix { scalar in
            bytes += UTF8.width(scalar)
            return bytes <= room
        }
        return String(String.UnicodeScalarView(scalars)) + ending
    }

    /// The extension with its dot; long tails after a dot are part of the stem. By scalars, because a combining mark
    /// after the dot would hide it among characters.
    private static func split(_ name: String) -> (stem: String, ending: String) {
        let scalars = name.unicodeScalars
        guard let dot = scalars.lastIndex(of: "."), dot != scalars.startIndex, name.utf8[dot...].count <= 33 else {
            return (name, "")
        }
        return (String(name[..<dot]), String(name[dot...]))
    }

    /// Windows takes away dots and spaces at the end; a leading dot hides, a leading `~` marks a temporary file.
    private static func withoutBadEdges(_ name: String) -> String {
        var scalars = Array(name.unicodeScalars)
        for i in scalars.indices.reversed() {
            guard scalars[i] == "." || scalars[i].properties.isWhitespace else { break }
            scalars[i] = "_"
        }
        if let first = scalars.first, first == "." || first == "~" || first.properties.isWhitespace { scalars[0] = "_" }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Names that Windows gives to devices or reads when a folder is opened, and names that Waybill takes for labels.
    private static func withoutMeaning(_ name: String) -> String {
        if isDevice(name) || folderFiles.contains(name.lowercased()) { return "_" + name }
        if isShortcut(name) { return shortened("\(name)_") }
        guard let file = FileName(name), DropName.isSidecar(file) else { return name }
        let tail = name.unicodeScalars.suffix(11)
        return String(name[..<tail.startIndex]) + "_" + String(tail.dropFirst())
    }

    private static let folderFiles: Set<String> = ["desktop.ini", "autorun.inf", "thumbs.db", "folder.htt"]

    /// Whose icon or target Windows fetches from wherever the file says: the machine logs on there.
    private static func isShortcut(_ name: String) -> Bool {
        shortcuts.contains(split(name).ending.lowercased())
    }

    private static let shortcuts: Set<String> = [
        ".lnk", ".url", ".scf", ".website", ".library-ms", ".search-ms", ".searchconnector-ms", ".settingcontent-ms",
        ".theme",
    ]

    /// `CON`, `con.txt`, `Com1 .tar.gz`: what stands before the first dot decides.
    private static func isDevice(_ name: String) -> Bool {
        let stem = name.unicodeScalars.prefix { $0 != "." }
        let trimmed = String(stem).uppercased().split(separator: " ", omittingEmptySubsequences: false)
        let base = trimmed.reversed().drop(while: \.isEmpty).reversed().joined(separator: " ")
        if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"].contains(base) { return true }
        let port = base.unicodeScalars
        guard port.count == 4, base.hasPrefix("COM") || base.hasPrefix("LPT"), let digit = port.last else {
            return false
        }
        return "0123456789\u{b9}\u{b2}\u{b3}".unicodeScalars.contains(digit)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0: false
        // Line and paragraph separator, byte order mark.
        case 0x2028, 0x2029, 0xfeff: false
        case _ where scalar.properties.isNoncharacterCodePoint: false
        // What nobody sees: two names that look alike.
        case 0xad, 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b...0x180e, 0x200b: false
        case 0x2060...0x2064, 0x206a...0x206f, 0x3164, 0xffa0, 0xfff9...0xfffb, 0xe0000...0xe007f: false
        // What can make `exe.pdf` out of `fdp.exe`.
        case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: false
        default: !"<>:\"/\\|?*".unicodeScalars.contains(scalar)
        }
    }
}
