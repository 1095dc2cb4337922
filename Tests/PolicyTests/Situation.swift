import Policy
import Vocabulary

/// A sharing that passes every rule; tests change one thing at a time.
struct Situation {
    var label: Label
    var agreement: Agreement?
    var catalogue: Catalogue
    var sender: AgencyID
    var recipient: AgencyID
    var now: Instant

    init() throws {
        let digest = try Digest([UInt8](repeating: 7, count: 32))
        catalogue = try Words.catalogue()
        sender = try AgencyID("hartlepool")
        recipient = try AgencyID("cleveland-police")
        now = try Instant("2026-11-22T09:00:00.000Z")
        var route = Route(
            name: try RouteName("strategy-meeting"), purpose: "pu-3.1",
            categories: ["pd-01", "sc-health", "cr-offence"],
            basis: Label.Basis(
                article6: ["A6-1-e"], gateways: ["CA89-47"], article9: ["A9-2-g"], schedule1: ["S1-18"], reason: "b"),
            necessity: "Partners must decide together.")
        (route.nature, route.accuracy) = ("both", "Each entry gives its date and author.")
        route.retention = Route.Retention(class: "child-protection", reviewAfter: try Period("P1Y"))
        var agreement = Agreement(
            .init(id: "tees-tier-2", version: "2026-04", sha256: digest), validFrom: try CalendarDate("2026-04-01"),
            purposes: ["pu-3"], routes: [route])
        agreement.reviewBy = try CalendarDate("2027-04-01")
        agreement.parties = try ["hartlepool", "cleveland-police", "tewv", "tees-valley-ccg"].map { text in
            Agreement.Party(id: try AgencyID(text))
        }
        agreement.policyDocument = Agreement.PolicyDocument(id: "apd-2026-1", reviewBy: try CalendarDate("2027-04-01"))
        agreement.dpia = Agreement.Assessment(id: "dpia-2026-1", reviewBy: try CalendarDate("2027-04-01"))
        self.agreement = agreement
        label = Labelling(under: agreement, catalogue, at: now).label(route).label
    }

    var decision: Decision { judgement.decision }

    var judgement: Judgement { PolicyEngine.judge(share()) }

    var sides: Share.Sides { Share.Sides(from: sender, to: recipient) }

    func share(here: Share.Here = Share.Here()) -> Share {
        Share(label, sides, under: Share.Terms(agreement, catalogue), at: now, here: here)
    }

    func labelling(_ agreement: Agreement) -> Labelling { Labelling(under: agreement, catalogue, at: now) }
}

extension Situation {
    /// Every rule that would hold says block, as a catalogue might.
    mutating func block() {
        let rules = catalogue.rules.map { rule in
            let outcome: RuleEntry.Outcome = rule.outcome == .hold ? .block : rule.outcome
            return RuleEntry(id: rule.id, citation: rule.citation, outcome: outcome, says: rule.says)
        }
        catalogue = catalogue.with { $0.rules = rules }
    }
}

/// A catalogue small enough to see whole.
enum Words {
    static func catalogue(without rule: String? = nil) throws -> Catalogue {
        let ids = RuleBook.ids.filter { $0 != rule }
        return Catalogue(
            version: "test", sha256: try Digest([UInt8](repeating: 1, count: 32)),
            .init(entries: try entries(), organisations: try organisations(), rules: ids.map(ruleEntry)))
    }

    private static func ruleEntry(_ id: String) -> RuleEntry {
        let warns = id == "R-010" || id.hasSuffix("w") || id.hasSuffix("v")
        return RuleEntry(id: id, citation: "citation of \(id)", outcome: warns ? .warn : .hold, says: "")
    }

    private static func word(
        _ id: String, _ kind: CatalogueEntry.Kind, _ status: CatalogueEntry.Status = .inForce, from: String? = nil,
        to: String? = nil, _ change: (inout CatalogueEntry.Facts) -> Void = { _ in }
    ) throws -> CatalogueEntry {
        var entry = CatalogueEntry(
            id: id, kind: kind, label: id, citation: id,
            force: .init(status, from: try from.map(CalendarDate.init), to: try to.map(CalendarDate.init)))
        change(&entry.facts)
        return entry
    }

    private static func entries() throws -> [CatalogueEntry] {
        try categories() + purposes() + bases() + conditions()
    }

    private static func categories() throws -> [CatalogueEntry] {
        [
            try word("pd-01", .personalCategory) { $0.inProtocol = true },
            try word("sc-health", .specialCategory) { $0.inProtocol = true },
            try word("cr-offence", .criminal) { $0.inProtocol = true },
        ]
    }

    private static func purposes() throws -> [CatalogueEntry] {
        [
            try word("pu-2", .purpose), try word("pu-3", .purpose), try word("pu-3.1", .purpose) { $0.parent = "pu-3" },
            try word("pu-3.9", .purpose, to: "2026-11-21") { $0.parent = "pu-3" },
        ]
    }

    private static func bases() throws -> [CatalogueEntry] {
        [
            try word("A6-1-d", .article6), try word("A6-1-e", .article6) { $0.requires = ["gateway"] },
            try word("A6-1-ea", .article6, from: "2026-02-05") { $0.requires = ["annex-1-condition"] },
            try word("AX1-6", .annex1, from: "2026-02-05"), try word("CA89-47", .gateway),
            try word("CA04-16LA", .gateway, .enactedNotInForce), try word("CA04-16H", .gateway, .unverified),
            try word("A9-2-c", .article9), try word("A9-2-g", .article9) { $0.part = 2 },
            try word("A9-2-h", .article9) { $0.part = 1 },
        ]
    }

    private static func conditions() throws -> [CatalogueEntry] {
        func condition(
            _ id: String, _ part: Int64, _ document: CatalogueEntry.PolicyDocument
        ) throws -> CatalogueEntry {
            try word(id, .schedule1) {
                $0.part = part
                $0.policyDocument = document
                $0.forSpecialCategory = part != 3
                $0.forCriminal = true
                $0.requires = id == "S1-18" ? ["no-consent"] : []
            }
        }
        return [
            try condition("S1-2", 1, .notRequired), try condition("S1-10", 2, .unlessToCompetentAuthority),
            try condition("S1-18", 2, .required), try condition("S1-30", 3, .notRequired),
            try word("S8-4", .schedule8) { $0.policyDocument = .required },
            try word("le-prevention", .lawEnforcement),
        ]
    }

    private static func organisations() throws -> [Organisation] {
        func organisation(_ id: String, _ kind: String) throws -> Organisation {
            Organisation(id: try AgencyID(id), label: nil, name: id, kind: kind)
        }
        var police = try organisation("cleveland-police", "police")
        police.part3 = .yes
        var stockton = try organisation("stockton", "local_authority")
        stockton.part3 = .limited
        var ended = try organisation("tees-valley-ccg", "ccg")
        ended.validTo = try CalendarDate("2022-06-30")
        ended.successor = try AgencyID("nenc-icb")
        return [try organisation("hartlepool", "local_authority"), police, try organisation("tewv", "nhs_ft"), ended]
            + [try organisation("nenc-icb", "icb"), stockton]
    }
}
