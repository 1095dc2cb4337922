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
        let labelled = Labelling.label(
            route: agreement.routes[0], agreement: agreement, catalogue: situation.catalogue, sideCar: sideCar,
            now: situation.now)
        #expect(labelled.label.categories == ["pd-01"])
        #expect(labelled.label.basis.article9 == [])
        #expect(labelled.label.basis.article6 == ["A6-1-e"])
        #expect(labelled.origins == ["categories": .sideCar, "basis": .sideCar, "subjects": .sideCar])
        #expect(labelled.origin(of: "purpose") == .route)
    }

    @Test("an emergency route says when it is looked at, and so does a side-car's own emergency")
    func emergency() throws {
        let situation = try Situation()
        let agreement = try #require(situation.agreement)
        var route = agreement.routes[0]
        route.emergency = true
        route.reviewWithin = try Period("PT36H")
        let urgent = Labelling.label(
            route: route, agreement: agreement, catalogue: situation.catalogue, now: situation.now)
        #expect(urgent.label.emergency?.reviewBy == (try Instant("2026-11-23T21:00:00.000Z")))
        #expect(urgent.label.emergency?.reason == route.necessity)
        var sideCar = LabelOverride()
        sideCar.emergency = "danger now"
        let declared = Labelling.label(
            route: agreement.routes[0], agreement: agreement, catalogue: situation.catalogue, sideCar: sideCar,
            now: situation.now)
        #expect(declared.label.emergency?.reviewBy == (try Instant("2026-11-23T09:00:00.000Z")))
        #expect(declared.label.emergency?.reason == "danger now")
        #expect(declared.origin(of: "emergency") == .sideCar)
    }

    @Test("a label survives the journey through JSON")
    func json() throws {
        let situation = try Situation()
        #expect(try Label(JSON(parsing: situation.label.json.encoded)) == situation.label)
    }
}
