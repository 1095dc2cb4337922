package import Policy
package import Vocabulary
internal import Yams

/// Typed values of a section. Each returns nil when the key is absent or wrong; only what is wrong is reported, so that
/// a default can follow; `required` reports absence too.
extension Section {
    /// A scalar read by `read`, which says nil to what it cannot be.
    package func value<Value>(_ key: String, _ what: String, hint: String, _ read: (String) -> Value?) -> Value? {
        guard let node = node(key) else { return nil }
        if let text = node.scalar?.string, let value = read(text) { return value }
        log.error("\"\(path(key))\" must be \(what)", hint: hint, at: node.position)
        return nil
    }

    /// Reports the key if it is absent altogether.
    package func required<Value>(_ key: String, _ value: Value?, hint: String = "") -> Value? {
        if value == nil, node(key) == nil { missing(key, hint: hint) }
        return value
    }

    /// In bytes.
    static let longestText = 2000

    /// Text on one or more lines, at most 2,000 bytes. `yes`, `12` and the like must be quoted to be text.
    package func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        return text(node, path(key))
    }

    /// Whatever stands there, good or not. Reports nothing.
    func anyText(_ key: String) -> String? { node(key)?.scalar?.string }

    func text(_ node: Node, _ path: String) -> String? {
        guard let scalar = node.scalar else {
            log.error("\"\(path)\" must be text", hint: "write it on one line, in quotes if need be", at: node.position)
            return nil
        }
        if scalar.style == .plain, [Tag(.bool), Tag(.int), Tag(.float), Tag(.null)].contains(node.tag) {
            log.error("\"\(path)\" must be text", hint: "put it in quotes", at: node.position)
            return nil
        }
        guard scalar.string.utf8.count <= Self.longestText else {
            log.error("\"\(path)\" is longer than 2,000 bytes", hint: "shorten it", at: node.position)
            return nil
        }
        if let fault = PlainText.fault(in: scalar.string, .lines) {
            log.error(
                "\"\(path)\" \(fault)", hint: "take it out; pasted text may hold it unseen, so type it anew",
                at: node.position)
            return nil
        }
        return scalar.string
    }

    /// The id of a word of the catalogue, an agreement or a case: letters, digits and `. - _ /`, at most 64.
    package func id(_ key: String) -> String? {
        value(key, "an id", hint: Self.idHint) { Self.isID($0) ? $0 : nil }
    }

    func ids(_ key: String) -> [String]? {
        list(key)?.compactMap { node in
            if let text = node.scalar?.string, Self.isID(text) { return text }
            log.error("\"\(path(key))\" must hold ids", hint: Self.idHint, at: node.position)
            return nil
        }
    }

    /// A list of texts, each as `text` reads it.
    package func texts(_ key: String) -> [String]? {
        list(key)?.compactMap { text($0, path(key)) }
    }

    /// The id of an agency.
    package func agency(_ key: String) -> AgencyID? {
        value(key, "an agency id", hint: Self.agencyHint) { try? AgencyID($0) }
    }

    func agencies(_ key: String) -> [AgencyID]? {
        list(key)?.compactMap { node in
            if let id = node.scalar.flatMap({ try? AgencyID($0.string) }) { return id }
            log.error("\"\(path(key))\" must hold agency ids", hint: Self.agencyHint, at: node.position)
            return nil
        }
    }

    func flag(_ key: String) -> Bool? {
        value(key, "true or false", hint: "write true or false, without quotes") { ["true": true, "false": false][$0] }
    }

    /// A whole number in this range.
    package func integer(_ key: String, _ range: ClosedRange<Int64>) -> Int64? {
        let what = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return value(key, what, hint: "") { Int64($0).flatMap { range.contains($0) ? $0 : nil } }
    }

    /// `2026-04-01`
    package func date(_ key: String) -> CalendarDate? {
        value(key, "a day", hint: "write a real day like 2026-04-01") { try? CalendarDate($0) }
    }

    /// `P1Y`, `P30D`, `PT24H`
    package func period(_ key: String) -> Period? {
        value(key, "a period", hint: "write an ISO 8601 duration such as P1Y, P6M, P30D or PT24H") { try? Period($0) }
    }

    func digest(_ key: String) -> Digest? {
        value(key, "a SHA-256 digest", hint: "write 64 lower-case hexadecimal digits") { try? Digest(hex: $0) }
    }

    func consignment(_ key: String, hint: String) -> ConsignmentID? {
        value(key, "a consignment's id", hint: hint) { try? ConsignmentID($0) }
    }

    /// As `LengthOfTime` reads it.
    package func duration(_ key: String) -> Duration? {
        value(key, "a length of time", hint: "write such as 500ms, 2s, 5m, 1h or P30D") { LengthOfTime.read($0) }
    }

    /// As `ByteCount` reads it.
    package func bytes(_ key: String) -> Int64? {
        value(key, "a number of bytes", hint: "write such as 65536, 64KiB, 1MiB or 64GiB") { ByteCount.read($0) }
    }

    /// One of the words of an enumeration.
    package func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) -> Choice?
    where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return value(key, "one of \(words)", hint: "") { Choice(rawValue: $0) }
    }

    private static let idHint = "letters, digits, dots, hyphens, underscores and slashes only, such as pd-01 or A6-1-e"
    private static let agencyHint = "lower-case letters, digits and hyphens, such as cleveland-police"

    static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
