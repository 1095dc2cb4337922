internal import Folders

/// What a name must be to stand in a waybill.
enum DropCheck {
    /// Nil if it may.
    static func why(not name: FileName) -> String? {
        guard let text = name.text else { return "The name has letters in an old encoding: rename the file." }
        let bad = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
        if bad { return "The name holds control characters: rename the file." }
        return SafeName.nfc(text).utf8.count > 255 ? "The name is too long: shorten it." : nil
    }

    static func printable(_ name: FileName) -> String {
        String(
            String.UnicodeScalarView(
                (name.text ?? "\(name)").unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
    }
}

extension Collection {
    func chunked(into size: Int) -> [[Element]] {
        var chunks: [[Element]] = []
        var rest = self[...]
        while !rest.isEmpty {
            chunks.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return chunks
    }
}
