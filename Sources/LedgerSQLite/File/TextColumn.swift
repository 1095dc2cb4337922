internal import GRDB
internal import Vocabulary

/// How a text of any content stands in a column.
///
/// SQLite takes U+0000 for the end of a text in some places and not in others (https://sqlite.org/nulinstr.html), and GRDB
/// binds and reads texts as C strings: what follows the character would be lost. So it is written as U+001A and `0`, and
/// U+001A itself as U+001A and `1`. All other texts stand as they are, and in the same order.
enum TextColumn {
    private static let sign: UInt8 = 0x1a

    static func stored(_ text: String) -> String {
        if text.hasOnly({ $0 != 0 && $0 != sign }) { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0: bytes += [sign, UInt8(ascii: "0")]
            case sign: bytes += [sign, UInt8(ascii: "1")]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func read(_ column: String) throws(Malformed) -> String {
        guard column.utf8.contains(sign) else { return column }
        var bytes: [UInt8] = []
        var rest = column.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == sign else {
                bytes.append(byte)
                continue
            }
            switch rest.next() {
            case UInt8(ascii: "0"): bytes.append(0)
            case UInt8(ascii: "1"): bytes.append(sign)
            default: throw Malformed("ledger column", "holds a text that was changed: run waybill ledger check")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The texts among these, as they are stored; the rest as it is.
    static func stored(_ columns: [(any DatabaseValueConvertible)?]) -> [(any DatabaseValueConvertible)?] {
        columns.map { column in
            if let text = column as? String { stored(text) } else { column }
        }
    }

    /// Whether both are the same, code point for code point: `==` holds `é` in one and in two code points for the same.
    static func isSame(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return one.utf8.elementsEqual(other.utf8)
    }
}

extension Row {
    /// A column that holds a text of any content.
    func text(_ column: String) throws(Malformed) -> String { try TextColumn.read(try value(column)) }

    /// The same of one that may be empty.
    func textIfAny(_ column: String) throws(Malformed) -> String? {
        guard let text = try value(column) as String? else { return nil }
        return try TextColumn.read(text)
    }
}
