// How words of ours stand in requests between our own processes. Statements are never `Codable`: these have one writer and
// one reader, `JSON`.

/// Stands in a request as its text, which is read as strictly there as everywhere.
package protocol TextCoded: Codable {
    init(_ text: String) throws(Malformed)
    var spelled: String { get }
}

extension TextCoded {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(spelled)
    }
}

extension TextCoded where Self: CustomStringConvertible {
    package var spelled: String { description }
}

extension AgencyID: TextCoded {}
extension CalendarDate: TextCoded {}
extension ConsignmentID: TextCoded {}

extension Digest: TextCoded {
    package init(_ text: String) throws(Malformed) { try self.init(hex: text) }
}

extension Role: Codable {}

extension JSON: Codable {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let number = try? value.decode(Int64.self) {
            self = .integer(number)
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let items = try? value.decode([JSON].self) {
            self = .array(items)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .string(let text): try value.encode(text)
        case .integer(let number): try value.encode(number)
        case .bool(let flag): try value.encode(flag)
        case .array(let items): try value.encode(items)
        case .object(let members): try value.encode(members)
        }
    }
}
