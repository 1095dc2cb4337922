/// The short name of an organisation that runs Waybill, such as `cleveland-police`.
///
/// Lower-case ASCII letters, digits and single hyphens, 2 to 40 characters, beginning with a letter. That makes it
/// safe as a folder name, in a log line and in a C2SP origin line.
package struct AgencyID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) throws(Malformed) {
        try Slug.check(text, what: "agency id")
        self.text = text
    }

    package var description: String { text }
    package static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}

/// A folder under a partner's outbox that carries label defaults, such as `strategy-meeting`. Written like an agency id.
package struct RouteName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) throws(Malformed) {
        try Slug.check(text, what: "route")
        self.text = text
    }

    package var description: String { text }
    package static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}

/// The one rule for names that become folders.
enum Slug {
    static func check(_ text: String, what: String) throws(Malformed) {
        let bytes = text.utf8
        guard (2...40).contains(bytes.count) else { throw Malformed(what, "must have 2 to 40 characters") }
        guard let first = bytes.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else {
            throw Malformed(what, "must begin with a lower-case letter")
        }
        var last = UInt8(ascii: "a")
        for byte in bytes {
            guard isAllowed(byte), !(byte == hyphen && last == hyphen) else { throw oddCharacter(what) }
            last = byte
        }
        if last == hyphen { throw oddCharacter(what) }
    }

    private static let hyphen = UInt8(ascii: "-")

    private static func oddCharacter(_ what: String) -> Malformed {
        Malformed(what, "may hold lower-case letters, digits and single hyphens only")
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
