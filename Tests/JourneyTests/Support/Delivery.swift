import Foundation

/// What must be true once a file was dropped, whatever happened in between.
extension Scene {
    /// Waits until the sender has the receipts for files of these names and nothing is under way.
    func awaitDelivery(
        of names: [String], _ route: String = Agency.usualRoute, from: Agency? = nil, to: Agency? = nil,
        within seconds: Double = Wait.patience
    ) async throws {
        let (from, to) = (from ?? sender, to ?? recipient)
        try await Wait.until(
            "\(names.count) files (\(names.first ?? "")) are in sent/ with their receipts", within: seconds
        ) {
            let sent = Set(from.sent(to: to, route).map { $0.split(separator: "/").last.map(String.init) ?? "" })
            return names.allSatisfy { sent.contains($0) && sent.contains("\($0).receipt.txt") }
        }
    }

    /// Delivered once, whole, with one receipt; both ledgers are sound and tell the same story; nothing is left over.
    func requireDelivered(
        _ files: [String: Data], _ route: String = Agency.usualRoute, from: Agency? = nil, to: Agency? = nil
    ) async throws {
        let (from, to) = (from ?? sender, to ?? recipient)
        try await awaitDelivery(of: Array(files.keys), route, from: from, to: to)
        try require(
            to.received(from: from, route) == files.keys.sorted(),
            "the inbox holds \(to.received(from: from, route)) instead of \(files.keys.sorted())")
        for (name, bytes) in files {
            let there = try Files.bytes("\(to.inbox(from, route))/\(name)")
            try require(
                there == bytes, "\(name) has \(there.count) bytes that differ from the \(bytes.count) that were dropped"
            )
        }
        try await requireNothingLeft()
        try await requireOneStory(of: files.count, route, from, to)
    }

    /// Work and staging are empty at both ends. The last moves may take a moment.
    func requireNothingLeft() async throws {
        for agency in agencies {
            let isEmpty = try await Wait.upTo(Wait.patience) { agency.unfinished.isEmpty }
            try require(isEmpty, "\(agency.id) still has \(agency.unfinished)")
        }
    }

    private func requireOneStory(of count: Int, _ route: String, _ from: Agency, _ to: Agency) async throws {
        let ours = try await from.ledger("--direction", "sent", "--partner", to.id).filter { $0.route == route }
        let theirs = try await to.ledger("--direction", "received", "--partner", from.id).filter { $0.route == route }
        try require(ours.count == count, "the sender's ledger tells of \(ours.count) deliveries, not \(count)")
        try require(ours.allSatisfy { $0.state == "delivered" }, "the sender's ledger says \(ours.map(\.state))")
        try require(
            Set(ours.map(\.story)) == Set(theirs.map(\.story)),
            "the ledgers differ:\n\(ours.map(\.story))\n\(theirs.map(\.story))")
        try require(Set(ours.compactMap(\.receiptSHA256)).count == count, "not one receipt for each consignment")
        for row in ours.prefix(5) { try await requireOneReceipt(row.id, from, to) }
        for agency in [from, to] { try await agency.checkLedger() }
    }

    private func requireOneReceipt(_ id: String, _ from: Agency, _ to: Agency) async throws {
        let (sent, received) = (try await from.events(of: id), try await to.events(of: id))
        try require(sent.count { $0 == "delivered" } == 1, "the sender recorded \(sent)")
        try require(received.count { $0 == "received" } == 1, "the recipient recorded \(received)")
        try require(sent.count { $0 == "signed" } == 1, "the waybill was not signed once: \(sent)")
    }
}
