internal import Exchange
package import Ledger
package import Vocabulary

/// What officers may ask about erasing, over the control socket. Who chooses by a person's reference has read the ledger to
/// find the ids; the reference travels too, so that the daemon itself sees whom else a record names, and is not kept.
///
///     {"verb":"erase","because":"...","selector":"subject","subject":"REF","consignments":["sent cleveland-police 0199..."],
///      "although":{"ground":"17-1-d","requester":"subject","second":"person:jones"}}      selector "reference": that alone
///         -> {"erased":1,"events":[42],"refused":{"0199...":"why"}}
///     {"verb":"erase-finish"} -> {"state":"running"} | {"state":"done"} | {"state":"failed","trouble":"..."}
struct EraseRequest: Sendable {
    private let wiring: Wiring

    init(_ wiring: Wiring) { self.wiring = wiring }

    func answer(_ verb: String, _ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        if verb == "erase-finish" { return try await wiring.opened.eraser.progress().members }
        guard let selector = Erasure.Selector(rawValue: try m.string("selector")) else {
            throw Malformed("request", "unknown selector")
        }
        let keys = try m.strings("consignments").map { text throws(Malformed) in try ConsignmentKey(spelled: text) }
        let wish = EraseWish(
            selector, subject: try m.optionalString("subject"), because: try m.string("because"),
            by: "person:\(account)",
            although: try m.optional("although").map { json throws(Malformed) in try Erasure.Although(json) })
        return try await wiring.opened.eraser.carryOut(keys, wish, at: wiring.agency.clock.now()).members
    }
}

extension EraseDesk {
    /// Whatever the selector says.
    package func carryOut(_ keys: [ConsignmentKey], _ wish: EraseWish, at now: Instant) async throws -> Outcome {
        wish.selector == .reference
            ? try await eraseReference(keys, wish, at: now) : try await erase(keys, wish, at: now)
    }
}

extension EraseDesk.Outcome {
    package var members: [String: JSON] {
        let refused = refused.map { ($0.key.text, JSON.string("\($0.value)")) }
        return [
            "erased": .integer(Int64(erased)), "events": .array(events.map(JSON.integer)),
            "refused": .object(Dictionary(uniqueKeysWithValues: refused)),
        ]
    }
}

extension EraseDesk.Progress {
    package var members: [String: JSON] {
        switch self {
        case .done: ["state": .string("done")]
        case .running: ["state": .string("running")]
        case .failed(let why): ["state": .string("failed"), "trouble": .string(why)]
        }
    }
}

extension ConsignmentKey {
    /// `sent cleveland-police 0199...`
    package var spelled: String { "\(direction.rawValue) \(partner) \(id)" }

    init(spelled text: String) throws(Malformed) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, let direction = Direction(rawValue: words[0]) else {
            throw Malformed("request", "a consignment is named by direction, partner and id")
        }
        self.init(direction, try AgencyID(words[1]), try ConsignmentID(words[2]))
    }
}
