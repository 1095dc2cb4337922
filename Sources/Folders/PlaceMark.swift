internal import Vocabulary

/// Tells one file system, or one share, from another: 16 random bytes as 32 hexadecimal digits, in the name of an empty
/// hidden folder, `.waybill-place-0123...`.
///
/// A folder, because its name is all of it: it is there or not, it cannot be read half written or emptied by a power cut,
/// and looking at it is one call. Device numbers change with a restart on NFS, CIFS and btrfs and say nothing.
package struct PlaceMark: Hashable, Sendable {
    package let hex: String
    private static let prefix = ".waybill-place-"
    private static let digits = 32

    /// Nil unless it is 32 lower-case hexadecimal digits.
    package init?(_ hex: String) {
        guard hex.utf8.count == Self.digits, hex.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
            return nil
        }
        self.hex = hex
    }

    /// One that nobody has.
    package static func random() -> PlaceMark {
        PlaceMark(digits: Hex.encode((0..<digits / 2).map { _ in UInt8.random(in: .min ... .max) }))
    }

    private init(digits: String) { hex = digits }

    /// Another that nobody else has, and that follows from this one: every digit's complement.
    package var opposite: PlaceMark {
        PlaceMark(digits: hex.compactMap(\.hexDigitValue).map { String(15 - $0, radix: 16) }.joined())
    }

    /// Those that a folder carries: one, as a rule.
    package static func all(in folder: Folder) throws(FileTrouble) -> [PlaceMark] {
        try folder.entries().compactMap { name in
            guard let text = name.text, text.hasPrefix(prefix) else { return nil }
            return PlaceMark(String(text.dropFirst(prefix.count)))
        }
    }

    package func isIn(_ folder: Folder) throws(FileTrouble) -> Bool {
        try folder.lookup(name())?.kind == .folder
    }

    /// Durable on return.
    package func put(in folder: Folder) throws(FileTrouble) {
        _ = try folder.makeSubfolder(name(), mode: 0o755)
        // Once more: the mark may have lain there since a life that died before its sync.
        try folder.sync()
    }

    package func remove(from folder: Folder) throws(FileTrouble) { try folder.removeSubfolder(name()) }

    private func name() throws(FileTrouble) -> FileName {
        guard let name = FileName(Self.prefix + hex) else { throw FileTrouble("name a mark", errno: 22) }
        return name
    }
}
