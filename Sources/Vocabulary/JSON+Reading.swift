/// Looking into JSON of our own daemon, where a missing member is no error.
extension JSON {
    package subscript(name: String) -> JSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    package var members: [String: JSON] {
        if case .object(let members) = self { members } else { [:] }
    }

    package var items: [JSON] {
        if case .array(let items) = self { items } else { [] }
    }

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    package var isTrue: Bool { self == .bool(true) }
}
