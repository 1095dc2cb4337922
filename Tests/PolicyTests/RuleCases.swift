import Policy
import Vocabulary

/// One change to a sharing that passes, and the rules that then speak: an empty list means that it still goes.
///
/// Only what no folder and no label file can bring about: a label made elsewhere, words that end, days that begin at
/// midnight in England. All else stands in `Catalogue/cases.yaml`.
struct RuleCase: Sendable, CustomStringConvertible {
    enum Outcome: Sendable { case goes, held, warned }

    let description: String
    let outcome: Outcome
    let rules: [String]
    let change: @Sendable (inout Situation) throws -> Void

    static func goes(_ what: String, _ change: @escaping @Sendable (inout Situation) throws -> Void) -> RuleCase {
        RuleCase(description: what, outcome: .goes, rules: [], change: change)
    }

    static func held(
        _ rules: String..., by what: String, _ change: @escaping @Sendable (inout Situation) throws -> Void
    ) -> RuleCase {
        RuleCase(description: what, outcome: .held, rules: rules, change: change)
    }

    static func warned(
        _ rules: String..., by what: String, _ change: @escaping @Sendable (inout Situation) throws -> Void
    ) -> RuleCase {
        RuleCase(description: what, outcome: .warned, rules: rules, change: change)
    }
}

extension RuleCase {
    static let all = labels + agreements + words

    private static let labels: [RuleCase] = [
        .goes("nothing changed") { _ in },
        .held("R-007", by: "an unknown purpose") { $0.label.purpose = "pu-9" },
        .held("R-007", by: "no purpose") { $0.label.purpose = "" },
        .held("R-000", by: "an unknown category") { $0.label.categories.append("pd-99") },
        .held("R-000", by: "an unknown gateway beside a good one") { $0.label.basis.gateways.append("CA99") },
        .held("R-000", by: "an unknown Schedule 1 condition beside a good one") {
            $0.label.basis.schedule1.append("S1-99")
        },
        .held("R-000", by: "an unknown regime") { $0.label.basis.regime = "gdpr" },
        .held("R-000", by: "an unknown Article 6 basis beside a good one") { $0.label.basis.article6.append("A6-9") },
        .held("R-001", by: "only an unknown Article 6 basis") { $0.label.basis.article6 = ["A6-1-x"] },
        .held("R-006", by: "blanks for a reason") { $0.label.necessity = "  \n" },
        .held("R-025", by: "paragraph 18 with another letter") { $0.label.basis.reason = "d" },
        .held("R-033", by: "a role that this version does not know") {
            $0.label.subjects = [.init(ref: "case-1", role: "child"), .init(ref: "case-2", role: "uncle")]
        },
        .warned("R-010", by: "a class of retention without a name") { $0.label.retention?.class = "" },
    ]

    private static let agreements: [RuleCase] = [
        .held("R-011", by: "an agreement that is not known") { $0.agreement = nil },
        .held("R-011", by: "another agreement than the label names") { $0.label.agreement.id = "other" },
        .held("R-011", by: "a route that the agreement does not have") { $0.label.route = try RouteName("gossip") },
        .held("R-011", by: "an agreement a second before its first day") {
            $0.now = try Instant("2026-03-31T22:59:59.000Z")
        },
        .goes("an agreement on its first day in England, which begins at 23:00 UTC") {
            $0.now = try Instant("2026-03-31T23:00:00.000Z")
        },
    ]

    private static let words: [RuleCase] = [
        .held("R-007", by: "a purpose that ended yesterday") { $0.label.purpose = "pu-3.9" },
        .goes("the same purpose in its last second") {
            $0.label.purpose = "pu-3.9"
            $0.now = try Instant("2026-11-21T23:59:59.999Z")
        },
        .warned("R-000w", by: "a gateway that nobody has checked") { $0.label.basis.gateways = ["CA04-16H"] },
        .held("R-044", by: "Part 3 for a purpose of one's own to a council, and no gateway") {
            try policing(&$0)
        },
        .goes("the same to a council that takes it for its own prosecution") {
            try policing(&$0)
            $0.agreement?.routes[0].lawEnforcement = true
        },
        .held("R-040", by: "Part 3 from a partner that the catalogue does not know") {
            $0.sender = try AgencyID("darlington")
            $0.agreement?.parties.append(.init(id: try AgencyID("darlington")))
            $0.label.basis = .init(regime: "dpa-part-3", gateways: ["CA89-47"], schedule8: ["S8-4"])
            $0.label.basis.lawEnforcement = "le-prevention"
            $0.label.asOf = try CalendarDate("2026-11-20")
        },
    ]

    /// No purpose here is the protocol's, so that only the recipient's regime decides.
    private static func policing(_ situation: inout Situation) throws {
        (situation.sender, situation.recipient) = (situation.recipient, try AgencyID("stockton"))
        situation.agreement?.parties.append(.init(id: situation.recipient))
        situation.label.categories = ["pd-01"]
        situation.label.basis = .init(regime: "dpa-part-3")
        situation.label.basis.lawEnforcement = "le-prevention"
        situation.label.asOf = try CalendarDate("2026-11-20")
    }
}
