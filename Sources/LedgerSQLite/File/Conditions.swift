internal import GRDB

/// Conditions joined by AND, with their values.
struct Conditions {
    private(set) var terms: [String] = []
    private(set) var arguments: [(any DatabaseValueConvertible)?] = []

    var sql: String { terms.joined(separator: " AND ") }

    mutating func add(_ term: String, _ values: (any DatabaseValueConvertible)?...) {
        terms.append(term)
        arguments += values
    }

    mutating func addOneOf(_ column: String, _ words: [String]) {
        terms.append("\(column) IN (\(words.map { _ in "?" }.joined(separator: ", ")))")
        arguments += words as [(any DatabaseValueConvertible)?]
    }
}
