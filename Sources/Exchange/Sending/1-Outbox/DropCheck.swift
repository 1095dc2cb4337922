internal import Folders

/// What a name must be to stand in a waybill.
enum DropCheck {
    /// Nil if it may.
    static func why(not name: FileName) -> String? { Folders.Problem(name: name)?.fix }

    /// Letters of an old encoding become marks, control characters go.
    static func printable(_ name: FileName) -> String {
        String(
            String.UnicodeScalarView(
                String(decoding: name.bytes, as: UTF8.self).unicodeScalars.filter {
                    $0.value >= 0x20 && $0.value != 0x7f
                }))
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
