package import Vocabulary

/// One value of a report.
package enum Cell: Hashable, Sendable {
    /// Not known, or nothing to say: an empty cell, no member.
    case none
    case text(String)
    case texts([String])
    case number(Int64)
    case flag(Bool)

    static func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .none }
    static func time(_ time: Instant?) -> Cell { .text(time?.description) }
    static func day(_ day: CalendarDate?) -> Cell { .text(day?.description) }
    static func sorted(_ texts: Set<String>) -> Cell { .texts(texts.sorted()) }

    /// Lists are joined by `; `.
    package var plain: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .texts(let texts): texts.joined(separator: "; ")
        case .number(let number): String(number)
        case .flag(let value): value ? "yes" : "no"
        }
    }

    package var json: JSON? {
        switch self {
        case .none: nil
        case .text(let text): .string(text)
        case .texts(let texts): texts.isEmpty ? nil : .array(texts.map(JSON.string))
        case .number(let number): .integer(number)
        case .flag(let value): .bool(value)
        }
    }
}

/// One line of a report: the same columns in every line, in order.
package struct ReportLine: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package let name: String
        package let cell: Cell
    }

    package let columns: [Column]

    init(_ columns: [(String, Cell)]) { self.columns = columns.map { Column(name: $0.0, cell: $0.1) } }

    package subscript(name: String) -> Cell { columns.first { $0.name == name }?.cell ?? .none }

    package var csv: String { CSV.line(columns.map(\.cell.plain)) }
    /// The line that goes before all others.
    package var csvHeader: String { CSV.line(columns.map(\.name)) }

    /// One line; members sorted by name, what is not known is left out.
    package var json: JSON {
        .object(Dictionary(columns.compactMap { c in c.cell.json.map { (c.name, $0) } }) { first, _ in first })
    }
}
