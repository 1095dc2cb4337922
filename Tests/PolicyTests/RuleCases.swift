import Policy
import Vocabulary

/// One change to a sharing that passes, and the rules that then speak: an empty list means that it still goes.
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
    static let all = words + bases + special + criminal + agreements + parties + lawEnforcement

    private static let words: [RuleCase] = [
        .goes("nothing changed") { _ in },
        .held("R-007", by: "an unknown purpose") { $0.label.purpose = "pu-9" },
        .held("R-007", by: "no purpose") { $0.label.purpose = "" },
        .held("R-007", by: "a purpose that ended yesterday") { $0.label.purpose = "pu-3.9" },
        .goes("the same purpose on its last day") {
            $0.label.purpose = "pu-3.9"
            $0.now = try Instant("2026-11-21T23:59:59.999Z")
        },
        .held("R-007", by: "a purpose that the agreement does not permit") { $0.label.purpose = "pu-2" },
        .goes("a purpose that the agreement permits by its parent") { $0.label.purpose = "pu-3" },
        .held("R-000", by: "an unknown category") { $0.label.categories.append("pd-99") },
        .held("R-000", by: "no category") { $0.label.categories = [] },
        .held("R-000", by: "an unknown gateway beside a good one") { $0.label.basis.gateways.append("CA99") },
        .held("R-000", by: "an unknown Schedule 1 condition beside a good one") {
            $0.label.basis.schedule1.append("S1-99")
        },
        .held("R-000", by: "an unknown regime") { $0.label.basis.regime = "gdpr" },
        .held("R-000", by: "an unknown Article 6 basis beside a good one") { $0.label.basis.article6.append("A6-9") },
        .warned("R-000w", by: "a gateway that nobody has checked") { $0.label.basis.gateways = ["CA04-16H"] },
        .held("R-006", by: "no word of why") { $0.label.necessity = "  \n" },
        .warned("R-010", by: "no retention") { $0.label.retention = nil },
        .warned("R-010", by: "no review date") { $0.label.retention?.reviewBy = nil },
    ]

    private static let bases: [RuleCase] = [
        .held("R-001", by: "no Article 6 basis") { $0.label.basis.article6 = [] },
        .held("R-001", by: "only an unknown Article 6 basis") { $0.label.basis.article6 = ["A6-1-x"] },
        .held("R-002", by: "public task without a gateway") { $0.label.basis.gateways = [] },
        .held("R-000", "R-002", by: "a gateway that is not in force") { $0.label.basis.gateways = ["CA04-16LA"] },
        .goes("vital interests without a gateway") {
            $0.label.basis.article6 = ["A6-1-d"]
            $0.label.basis.gateways = []
        },
        .held("R-004", by: "a recognised interest without its condition") {
            $0.label.basis.article6 = ["A6-1-ea"]
            $0.label.basis.gateways = []
        },
        .goes("a recognised interest with its condition") {
            $0.label.basis.article6 = ["A6-1-ea"]
            $0.label.basis.gateways = ["AX1-6"]
        },
        .held("R-001", "R-011", by: "a recognised interest the day before it became law") {
            $0.label.basis.article6 = ["A6-1-ea"]
            $0.label.basis.gateways = []
            $0.now = try Instant("2026-02-04T12:00:00.000Z")
        },
    ]

    private static let special: [RuleCase] = [
        .held("R-020", by: "special category data without an Article 9 point") { $0.label.basis.article9 = [] },
        .goes("no special category and no Article 9 point") {
            $0.label.categories = ["pd-01"]
            $0.label.basis.article9 = []
        },
        .held("R-021", by: "9(2)(h) with a condition of the wrong part") { $0.label.basis.article9 = ["A9-2-h"] },
        .goes("9(2)(h) with a condition of part 1") {
            $0.label.basis.article9 = ["A9-2-h"]
            $0.label.basis.schedule1 = ["S1-2"]
        },
        .held("R-022", by: "9(2)(g) with a condition of the wrong part") { $0.label.basis.schedule1 = ["S1-2"] },
        .held("R-022", by: "9(2)(g) with a condition for criminal data only") { $0.label.basis.schedule1 = ["S1-30"] },
        .goes("vital interests, which need no condition") {
            $0.label.categories = ["sc-health"]
            $0.label.basis.article9 = ["A9-2-c"]
            $0.label.basis.schedule1 = []
        },
        .held("R-025", by: "paragraph 18 without the reason") { $0.label.basis.reason = nil },
        .held("R-025", by: "paragraph 18 with another letter") { $0.label.basis.reason = "d" },
        .held("R-026", by: "no appropriate policy document") { $0.agreement?.policyDocument = nil },
        .goes("no policy document where none is needed") {
            $0.agreement?.policyDocument = nil
            $0.label.basis.article9 = ["A9-2-h"]
            $0.label.basis.schedule1 = ["S1-2"]
        },
        .goes("paragraph 10 to the police without a policy document") {
            $0.agreement?.policyDocument = nil
            $0.label.basis.schedule1 = ["S1-10"]
        },
        .held("R-026", by: "paragraph 10 to a hospital without a policy document") {
            $0.agreement?.policyDocument = nil
            $0.label.basis.schedule1 = ["S1-10"]
            $0.recipient = try AgencyID("tewv")
        },
        .warned("R-026w", by: "a policy document whose review is due") {
            $0.agreement?.policyDocument = .init(id: "apd", reviewBy: try CalendarDate("2026-11-21"))
        },
    ]

    private static let criminal: [RuleCase] = [
        .held("R-030", by: "criminal data without a condition") {
            $0.label.categories = ["cr-offence"]
            $0.label.basis.schedule1 = []
        },
        .goes("criminal data with a condition of part 3") {
            $0.label.categories = ["cr-offence"]
            $0.label.basis.schedule1 = ["S1-30"]
        },
        .goes("criminal data from the police, under official authority") {
            $0.label.categories = ["cr-offence"]
            $0.label.basis.schedule1 = []
            ($0.sender, $0.recipient) = ($0.recipient, $0.sender)
        },
    ]

    private static let agreements: [RuleCase] = [
        .held("R-011", by: "an agreement that is not known") { $0.agreement = nil },
        .held("R-011", by: "another agreement than the label names") { $0.label.agreement.id = "other" },
        .held("R-011", by: "an agreement of tomorrow") { $0.now = try Instant("2026-03-31T22:59:59.000Z") },
        .goes("an agreement on its first day in England, which begins at 23:00 UTC") {
            $0.now = try Instant("2026-03-31T23:00:00.000Z")
        },
        .held("R-011", by: "an agreement that ended") { $0.agreement?.validTo = try CalendarDate("2026-11-21") },
        .goes("an agreement on its last day") { $0.agreement?.validTo = try CalendarDate("2026-11-22") },
        .warned("R-011w", by: "an agreement whose review is due") {
            $0.agreement?.reviewBy = try CalendarDate("2026-11-21")
        },
        .goes("an agreement whose review is today") { $0.agreement?.reviewBy = try CalendarDate("2026-11-22") },
        .held("R-011", by: "a route that the agreement does not have") { $0.label.route = try RouteName("gossip") },
        .held("R-016", by: "no subjects on a route that asks for them") {
            $0.agreement?.routes[0].subjects = .required
        },
        .goes("a subject on a route that asks for one") {
            $0.agreement?.routes[0].subjects = .required
            $0.label.subjects = [.init(ref: "case-1", role: "child")]
        },
    ]

    private static let parties: [RuleCase] = [
        .held("R-011", by: "a recipient that has not signed") { $0.recipient = try AgencyID("nenc-icb") },
        .held("R-011", by: "a sender that has not signed") { $0.sender = try AgencyID("nenc-icb") },
        .held("R-011", by: "a partner that nobody knows") { $0.recipient = try AgencyID("darlington") },
        .goes("a partner outside the catalogue that has signed") {
            $0.recipient = try AgencyID("darlington")
            $0.agreement?.parties.append(.init(id: try AgencyID("darlington")))
        },
        .held("R-011", by: "a party that signs tomorrow") {
            $0.agreement?.parties[1] = .init(id: $0.recipient, signed: try CalendarDate("2026-11-23"))
        },
        .held("R-011", by: "a party that left yesterday") {
            $0.agreement?.parties[1] = .init(id: $0.recipient, left: try CalendarDate("2026-11-21"))
        },
        .held("R-015", by: "a recipient that ended") { $0.recipient = try AgencyID("tees-valley-ccg") },
        .held("R-015", by: "a sender that ended") { $0.sender = try AgencyID("tees-valley-ccg") },
    ]

    private static let lawEnforcement: [RuleCase] = [
        .held("R-040", by: "Part 3 claimed by a council") {
            $0.label.basis = .init(regime: "dpa-part-3", schedule8: ["S8-4"])
        },
        .goes("Part 3 claimed by the police, without Article 6 and 9") {
            ($0.sender, $0.recipient) = ($0.recipient, $0.sender)
            $0.label.basis = .init(regime: "dpa-part-3", schedule8: ["S8-4"])
        },
        .held("R-041", by: "sensitive data under Part 3 without a condition") {
            ($0.sender, $0.recipient) = ($0.recipient, $0.sender)
            $0.label.basis = .init(regime: "dpa-part-3")
        },
        .held("R-026", by: "sensitive data under Part 3 without a policy document") {
            ($0.sender, $0.recipient) = ($0.recipient, $0.sender)
            $0.label.basis = .init(regime: "dpa-part-3", schedule8: ["S8-4"])
            $0.agreement?.policyDocument = nil
        },
    ]
}
