import Policy
import Testing
import Vocabulary

@Suite struct LabellingTests {
    @Test("a route fills the whole label, with the review date counted from today")
    func route() throws {
        let situation = try Situation()
        let agreement = try #require(situation.agreement)
        #expect(situation.label.agreement == agreement.pinned)
        #expect(situation.label.catalogue == situation.catalogue.pinned)
        #expect(situation.label.purpose == "pu-3.1")
        #expect(situation.label.retention?.reviewBy == (try CalendarDate("2027-11-22")))
        #expect(situation.label.emergency == nil)
        #expect(situation.label.decidedBy == "route")
    }

    @Test("a side-car changes what it names, and the label says so")
    func sideCar() throws {
        let situation = try Situation()
        let agreement = try #require(situation.agreement)
        var sideCar = LabelOverride()
        sideCar.categories = ["pd-01"]
        sideCar.basis.article9 = []
        sideCar.subjects = [.init(ref: "case-1", role: "child")]
        let labelled = situation.labelling(agreement).label(agreement.routes[0], sideCar: sideCar)
        #expect(labelled.label.categories == ["pd-01"])
        #expect(labelled.label.basis.article9 == [])
        #expect(labelled.label.basis.article6 == ["A6-1-e"])
        let touched = labelled.origins.filter { $0.value == .sideCar }
        #expect(Set(touched.keys) == ["categories", "basis.article9", "subjects"])
        #expect(labelled.origin(of: "basis") == .sideCar)
        #expect(labelled.origin(of: "basis.article6") == .route)
        #expect(labelled.origin(of: "purpose") == .route)
    }

    @Test("an emergency route says when it is looked at, and so does a side-car's own emergency")
    func emergency() throws {
        let situation = try Situation()
        let agreement = try #require(situation.agreement)
        var route = agreement.routes[0]
        route.emergency = true
        route.reviewWithin = try Period("PT36H")
        let urgent = situation.labelling(agreement).label(route)
        #expect(urgent.label.emergency?.reviewBy == (try Instant("2026-11-23T21:00:00.000Z")))
        #expect(urgent.label.emergency?.reason == route.necessity)
        var sideCar = LabelOverride()
        sideCar.emergency = "danger now"
        let declared = situation.labelling(agreement).label(agreement.routes[0], sideCar: sideCar)
        #expect(declared.label.emergency?.reviewBy == (try Instant("2026-11-23T09:00:00.000Z")))
        #expect(declared.label.emergency?.reason == "danger now")
        #expect(declared.origin(of: "emergency") == .sideCar)
    }

    @Test("every field of a label says where it came from, and so does its JSON")
    func origins() throws {
        let situation = try Situation()
        let agreement = try #require(situation.agreement)
        var sideCar = LabelOverride()
        (sideCar.nature, sideCar.reviewBy) = ("fact", try CalendarDate("2027-01-31"))
        let labelled = situation.labelling(agreement).label(agreement.routes[0], sideCar: sideCar)
        #expect(
            Set(labelled.origins.keys) == [
                "agreement", "catalogue", "route", "purpose", "categories", "necessity", "origin", "accuracy", "nature",
                "decidedBy", "basis.regime", "basis.article6", "basis.article9", "basis.gateways", "basis.schedule1",
                "basis.reason", "handling.classification", "retention.class", "retention.reviewBy",
            ])
        let text = String(decoding: labelled.json.encoded, as: UTF8.self)
        #expect(text.contains("\"nature\":\"side-car\""))
        #expect(text.contains("\"retention.class\":\"route\",\"retention.reviewBy\":\"side-car\""))
    }

    @Test("what a person changes on release is theirs, and what a side-car said before stays the side-car's")
    func released() throws {
        let situation = try Situation()
        let agreement = try #require(situation.agreement)
        var sideCar = LabelOverride()
        (sideCar.nature, sideCar.necessity) = ("fact", "The conference must see it.")
        var changes = LabelOverride()
        changes.necessity = "The conference must see it before Monday."
        changes.basis.article9 = ["A9-2-c"]
        let labelled = situation.labelling(agreement).label(agreement.routes[0], sideCar: sideCar)
        let released = Labelling.released(labelled, by: "amy", changing: changes)
        #expect(released.label.decidedBy == "person:amy")
        #expect(released.label.necessity == changes.necessity)
        #expect(released.origin(of: "necessity") == .person("amy"))
        #expect(released.origin(of: "decidedBy") == .person("amy"))
        #expect(released.origin(of: "basis.article9").text == "person:amy")
        #expect(released.origin(of: "nature") == .sideCar)
        #expect(released.origin(of: "categories") == .route)
    }

    @Test(
        "an emergency is reviewed as the route says, and with tags missing by noon of the next working day at the latest",
        arguments: [
            // Friday evening; the Monday after is a bank holiday in the third.
            ("2026-11-20T22:00:00.000Z", nil, false, "2026-11-21T22:00:00.000Z"),
            ("2026-11-20T22:00:00.000Z", nil, true, "2026-11-23T12:00:00.000Z"),
            ("2026-12-24T22:00:00.000Z", nil, true, "2026-12-29T12:00:00.000Z"),
            ("2026-11-20T22:00:00.000Z", "PT24H", true, "2026-11-21T22:00:00.000Z"),
            ("2026-11-20T22:00:00.000Z", "P7D", true, "2026-11-23T12:00:00.000Z"),
            ("2026-11-20T22:00:00.000Z", "P7D", false, "2026-11-27T22:00:00.000Z"),
            // Noon in England is 11:00 UTC in summer, also across the night in which the clocks change.
            ("2026-07-01T22:00:00.000Z", nil, true, "2026-07-02T11:00:00.000Z"),
            ("2026-10-23T22:00:00.000Z", nil, true, "2026-10-26T12:00:00.000Z"),
        ] as [(String, String?, Bool, String)])
    func review(_ now: String, _ within: String?, _ hasDeferred: Bool, _ due: String) throws {
        let situation = try Situation()
        var route = try #require(situation.agreement?.routes.first)
        route.reviewWithin = try within.map { try Period($0) }
        let finding = Finding(rule: "R-020", citation: "c", found: "f", fix: "x")
        let catalogue = Catalogue(
            version: "v", sha256: situation.catalogue.sha256,
            .init(bankHolidays: try Set(["2026-12-25", "2026-12-28"].map { try CalendarDate($0) })))
        let review = PolicyEngine.reviewDue(
            route: route, deferred: hasDeferred ? [finding] : [], catalogue: catalogue, now: try Instant(now))
        #expect(review == (try Instant(due)))
    }

    @Test("a label survives the journey through JSON")
    func json() throws {
        let situation = try Situation()
        #expect(try Label(JSON(parsing: situation.label.json.encoded)) == situation.label)
    }
}
