/// What the name of a dropped file alone says (`cli.md`, complete files). Pure; letters of ASCII count without case,
/// because the names come from Windows as often as not.
package enum DropName {
    private static let unfinished = [".part", ".tmp", ".filepart", ".crdownload"]
    private static let sidecar = [".label.yaml", ".label.json"]

    /// Names that are never taken: hidden ones, and those that programs use while they write.
    package static func isIgnored(_ name: FileName) -> Bool {
        let bytes = name.slice
        guard bytes.first != UInt8(ascii: "."), bytes.first != UInt8(ascii: "~") else { return true }
        return unfinished.contains { hasSuffix(bytes, $0) }
    }

    /// Whether this is a label for another file, which is never a consignment itself.
    package static func isSidecar(_ name: FileName) -> Bool { sidecarSuffix(name.slice) != nil }

    /// Whether this may say something about another file: a side-car or an office program's mark.
    static func isCompanion(_ name: FileName) -> Bool {
        let bytes = name.slice
        return bytes.starts(with: "~$".utf8) || bytes.starts(with: ".~lock.".utf8) || sidecarSuffix(bytes) != nil
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

    /// Files that an office program keeps beside a document while a person has it open: `~$NAME` (Excel, PowerPoint),
    /// `~$` and NAME without its first two characters (Word, for longer names), `.~lock.NAME#` (LibreOffice).
    package static func ownerMarks(of name: FileName) -> [FileName] {
        let bytes = name.slice
        let marks: [[UInt8]] = [
            Array("~$".utf8) + bytes, Array("~$".utf8) + bytes.dropFirst(2),
            Array(".~lock.".utf8) + bytes + Array("#".utf8),
        ]
        return marks.compactMap { FileName(bytes: $0) }
    }

    private static func sidecarSuffix(_ bytes: ArraySlice<UInt8>) -> String? { sidecar.first { hasSuffix(bytes, $0) } }

    private static func hasSuffix(_ bytes: ArraySlice<UInt8>, _ suffix: String) -> Bool {
        bytes.count >= suffix.utf8.count
            && zip(bytes.suffix(suffix.utf8.count), suffix.utf8).allSatisfy { lowered($0) == $1 }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
