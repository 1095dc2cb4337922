internal import Vocabulary

/// JSON for other programs: members in the order given, null where something is not known. (Statements know no null and
/// sort their members: that is `JSON`.)
indirect enum JSONText {
    case null
    case json(JSON)
    case object([(String, JSONText)])
    case array([JSONText])

    /// One line. What could steer a terminal is escaped, so that it is safe to look at too.
    var line: String {
        raw.unicodeScalars.reduce(into: "") { line, scalar in
            if Terminal.isHarmless(scalar) {
                line.unicodeScalars.append(scalar)
            } else {
                line += "\\u" + Hex.encode([UInt8(scalar.value >> 8 & 0xff), UInt8(scalar.value & 0xff)])
            }
        }
    }

    private var raw: String {
        switch self {
        case .null: "null"
        case .json(let json): json.text
        case .object(let members):
            "{" + members.map { "\(JSON.string($0.0).text):\($0.1.raw)" }.joined(separator: ",") + "}"
        case .array(let items): "[" + items.map(\.raw).joined(separator: ",") + "]"
        }
    }
}

extension JSONText {
    static func text(_ text: String?) -> JSONText { text.map { .json(.string($0)) } ?? .null }
    static func number(_ number: Int64?) -> JSONText { number.map { .json(.integer($0)) } ?? .null }
    static func flag(_ value: Bool) -> JSONText { .json(.bool(value)) }
    static func texts(_ texts: [String]) -> JSONText { .json(.strings(texts)) }
    static func time(_ instant: Instant?) -> JSONText { .text(instant?.description) }
}
