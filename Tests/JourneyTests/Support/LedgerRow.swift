import Foundation

/// A line of `waybill ledger list --json`.
struct LedgerRow: Decodable, Hashable, Sendable {
    let id: String
    let direction: String
    let partner: String
    let route: String?
    let name: String?
    let size: Int64?
    let sha256: String?
    let purpose: String?
    let categories: [String]?
    let basis: [String]?
    let agreement: String?
    let state: String
    let receiptSHA256: String?
    let supersedes: String?

    /// What both ends of a delivery must say alike.
    var story: [String] {
        [
            id, route ?? "", name ?? "", "\(size ?? -1)", sha256 ?? "", purpose ?? "", agreement ?? "",
            receiptSHA256 ?? "", state,
        ]
            + (categories ?? []).sorted() + (basis ?? []).sorted()
    }
}

/// `waybill ledger show ID --json`, as far as tests look at it.
struct LedgerStory: Decodable {
    struct Event: Decodable { let kind: String }
    let events: [Event]
}

extension Agency {
    func ledger(_ filter: String...) async throws -> [LedgerRow] {
        let outcome = try await ask(["ledger", "list", "--json"] + filter)
        // 1: nothing was found.
        try require(outcome.code == 0 || (outcome.code == 1 && outcome.out.isEmpty), "\(id): \(outcome)")
        return try outcome.lines.map { try JSONDecoder().decode(LedgerRow.self, from: Data($0.utf8)) }
    }

    func events(of consignment: String) async throws -> [String] {
        let text = try await asked("ledger", "show", consignment, "--json")
        return try JSONDecoder().decode(LedgerStory.self, from: Data(text.utf8)).events.map(\.kind)
    }

    /// Every digest, the tree, every signature.
    func checkLedger() async throws {
        let outcome = try await ask("ledger", "check")
        try require(outcome.code == 0, "the ledger of \(id) does not check: \(outcome)")
    }
}

/// `waybill status --json`, as far as tests look at it.
struct Status: Decodable, Sendable {
    struct Trouble: Decodable, Sendable {
        let name: String
        let route: String
        let why: String
    }
    struct Partner: Decodable, Sendable {
        struct Item: Decodable, Sendable {
            let name: String
            let why: String?
            let nextTry: String?
        }
        let id: String
        let away: Bool
        let underway: [Item]
    }
    struct Owed: Decodable, Hashable, Sendable {
        let open: Int
        let late: Int
    }
    let alarms: [String: String]
    /// By kind; none that is closed.
    let duties: [String: Owed]
    let outboxTroubles: [Trouble]
    let partners: [Partner]
}

extension Agency {
    func status() async throws -> Status {
        let outcome = try await ask("status", "--json")
        // 1: something is wrong, which is what the journey looks for.
        try require(outcome.code == 0 || outcome.code == 1, "\(id): \(outcome)")
        return try JSONDecoder().decode(Status.self, from: Data(outcome.out.utf8))
    }

    /// Waits until status tells of a thing in an outbox, and returns the reason.
    func trouble(with name: String) async throws -> String {
        var found: String?
        try await Wait.until("status of \(id) tells of \(name)") {
            found = try await status().outboxTroubles.first { $0.name.contains(name) }?.why
            return found != nil
        }
        return found ?? ""
    }
}
