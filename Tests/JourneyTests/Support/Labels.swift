import Foundation

/// Labels that people write, agreements that agencies sign, and what the software says of both.
extension Agency {
    /// A file with a side-car of YAML beside it.
    func drop(
        _ name: String, _ bytes: Data, label: String, for partner: Agency, _ route: String = usualRoute
    ) async throws {
        if !label.isEmpty { try await drop("\(name).label.yaml", Data(label.utf8), for: partner, route) }
        try await drop(name, bytes, for: partner, route)
    }

    /// Changes words of the agreement, before the start. Both sides should hold the same.
    func amend(_ old: String, _ new: String) throws {
        let path = "\(folder)/agreements/tees-tier-2.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try require(text.contains(old), "the agreement does not say \"\(old)\"")
        try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Waits for `NAME.why.txt` and returns it.
    func whyHeld(_ name: String, for partner: Agency, _ route: String = usualRoute) async throws -> String {
        var note: String?
        try await Wait.until("the reason lies beside \(name) in held/") {
            let there = held(for: partner, route)
            note = there.first { $0.hasSuffix("/\(name).why.txt") }
            return note != nil && there.contains { $0.hasSuffix("/\(name)") }
        }
        return String(decoding: try Files.bytes(note ?? ""), as: UTF8.self)
    }

    /// The id of the only consignment of a name.
    func consignment(_ name: String) async throws -> String {
        let rows = try await ledger("--name", name)
        try require(rows.count == 1, "the ledger of \(id) has \(rows.count) consignments of that name")
        return rows[0].id
    }

    /// The side-car that a recipient finds beside what came, as text.
    func sideCar(of consignment: String, from partner: Agency) throws -> String {
        String(
            decoding: try Files.bytes("\(folder)/inbox/\(partner.id)/.waybills/\(consignment).json"), as: UTF8.self)
    }
}
