/// What the name of a dropped file alone says. Pure; letters of ASCII count without case,
/// because the names come from Windows as often as not. Which names are never taken: `UntakenName.swift`.
package enum DropName {
    private static let sidecar = [".label.yaml", ".label.json"]
    /// What our own notes beside a drop end in.
    package static let noteSuffix = ".not-sent.txt"

    /// Names that are never taken.
    package static func isIgnored(_ name: FileName) -> Bool { untaken(name) != nil }

    /// Whether this is a label for another file, which is never a consignment itself.
    package static func isSidecar(_ name: FileName) -> Bool { sidecarSuffix(name.slice) != nil }

    /// Whether this may be a note of ours: its content says whether it is one.
    package static func mayBeNote(_ name: FileName) -> Bool { hasSuffix(name.slice, noteSuffix) }

    /// Whether this may say something about another file: a side-car, a program's mark, or a transfer under way.
    static func isCompanion(_ name: FileName) -> Bool {
        let bytes = name.slice
        if bytes.first == UInt8(ascii: "~") || bytes.first == UInt8(ascii: ".") {
            return bytes.starts(with: "~$".utf8) || bytes.starts(with: ".~lock.".utf8) || bytes.starts(with: ".#".utf8)
        }
        return sidecarSuffix(bytes) != nil || (controls + placeholders).contains { hasSuffix(bytes, $0) }
    }

    /// The file that a side-car speaks of; nil for other names, and for a side-car of nothing.
    package static func file(ofSidecar name: FileName) -> FileName? {
        let bytes = name.slice
        guard let suffix = sidecarSuffix(bytes) else { return nil }
        return FileName(bytes: bytes.dropLast(suffix.utf8.count))
    }

    /// The side-cars that a file may have, as our documentation spells them.
    package static func sidecars(of name: FileName) -> [FileName] {
        sidecar.compactMap { FileName(bytes: name.bytes + $0.utf8) }
    }

    /// Files that an office program or editor keeps beside a document while a person has it open: `~$` and the name
    /// without its first 0, 1 or 2 characters (Excel and PowerPoint; Word for stems of seven letters; Word for longer
    /// ones), `.~lock.NAME#` (LibreOffice), `.#NAME` (Emacs), `STEM.laccdb` (Access).
    package static func ownerMarks(of name: FileName) -> [FileName] {
        var marks = shortened(name).map { Array("~$".utf8) + $0 }
        marks += [Array(".~lock.".utf8) + name.slice + Array("#".utf8), Array(".#".utf8) + name.slice]
        if hasSuffix(name.slice, ".accdb") { marks.append(name.slice.dropLast(6) + Array(".laccdb".utf8)) }
        return marks.compactMap { FileName(bytes: $0) }
    }

    /// Files that a transfer program keeps beside one that it writes under its own name: aria2 and axel note there what
    /// is still missing of it. An empty file may besides be the place that a browser keeps for `NAME.part`.
    static func transferMarks(of name: FileName, isEmpty: Bool) -> [FileName] {
        (isEmpty ? controls + placeholders : controls).compactMap { FileName(bytes: name.bytes + $0.utf8) }
    }

    private static let controls = [".aria2", ".st"]
    private static let placeholders = [".part", ".crdownload", ".download", ".partial", ".filepart", ".opdownload"]

    /// The name without its first 0, 1 or 2 characters. Word counts units of UTF-16, people count letters: where the two
    /// differ (a letter and its accent apart) both are meant.
    private static func shortened(_ name: FileName) -> [[UInt8]] {
        guard let text = name.text, !text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return (0...2).map { Array(name.slice.dropFirst($0)) }
        }
        var all = [name.bytes]
        for count in 1...2 {
            for rest in [Array(String(text.dropFirst(count)).utf8), tail(text, withoutScalars: count)]
            where !all.contains(rest) { all.append(rest) }
        }
        return all
    }

    private static func tail(_ text: String, withoutScalars count: Int) -> [UInt8] {
        Array(String(String.UnicodeScalarView(text.unicodeScalars.dropFirst(count))).utf8)
    }

    private static func sidecarSuffix(_ bytes: ArraySlice<UInt8>) -> String? { sidecar.first { hasSuffix(bytes, $0) } }

    /// - Parameter suffix: in lower case.
    static func hasSuffix(_ bytes: ArraySlice<UInt8>, _ suffix: String) -> Bool {
        guard bytes.count >= suffix.utf8.count, bytes.last.map(lowered) == suffix.utf8.last else { return false }
        return zip(bytes.suffix(suffix.utf8.count), suffix.utf8).allSatisfy { lowered($0) == $1 }
    }

    static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
