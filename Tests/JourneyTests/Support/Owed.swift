import Foundation

/// A line of `waybill duties list --all --json`.
struct OwedRow: Decodable, Hashable, Sendable {
    let id: String
    let kind: String
    let state: String
    let consignment: String
    let partner: String
    let openedAt: String
    let due: String
    let subject: String?
    let ground: String?
    let because: String?
    let by: String?
    let facts: [String: String]?

    /// Hours between the opening and the moment by which.
    var hours: Double {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let opened = try? style.parse(openedAt), let due = try? style.parse(due) else { return -1 }
        return due.timeIntervalSince(opened) / 3600
    }
}

extension Agency {
    /// Open, deferred and closed ones.
    func owed(_ kind: String) async throws -> [OwedRow] {
        try await rows(["duties", "list", "--all", "--json", "--kind", kind])
    }

    /// What a list command prints, one JSON object a line.
    func rows<Row: Decodable>(_ arguments: [String]) async throws -> [Row] {
        let outcome = try await ask(arguments)
        // 1: nothing is owed.
        try require(outcome.code == 0 || (outcome.code == 1 && outcome.out.isEmpty), "\(id): \(outcome)")
        return try outcome.lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }

    /// Waits until so many duties of a kind are in a state, and none in another.
    @discardableResult
    func awaitOwed(_ kind: String, _ state: String, count: Int = 1) async throws -> [OwedRow] {
        var found: [OwedRow] = []
        do {
            try await Wait.until("\(id) has \(count) \(state) of kind \(kind)") {
                found = try await owed(kind)
                return found.map(\.state) == Array(repeating: state, count: count)
            }
        } catch let unmet as Unmet {
            throw Unmet("\(unmet); there is \(found)")
        }
        return found
    }

    /// `waybill duties close`, for the only one of its kind.
    func close(_ kind: String, because: String) async throws {
        let duty = try await awaitOwed(kind, "open")
        _ = try await asked("duties", "close", duty.first?.id ?? "", "--because", because)
        let closed = try await awaitOwed(kind, "closed")
        try require(closed.first?.ground == "judged", "it is closed on \(closed)")
        try require(closed.first?.by?.hasPrefix("person:") == true, "nobody stands by it: \(closed)")
    }
}
