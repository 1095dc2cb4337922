import Law
import Policy
import Testing
import Vocabulary

@Suite struct ShippedTests {
    @Test("the shipped catalogue loads without a problem")
    func catalogue() throws {
        let reading = try Shipped.catalogueReading()
        #expect(reading.problems == [])
        let catalogue = try reading.get()
        #expect(catalogue.version == "2026-11-30")
        #expect(catalogue.ids(.personalCategory).count == 18)
        #expect(catalogue.ids(.specialCategory).count == 8)
        #expect(Set(catalogue.ids(.article6)).count == 7)
        #expect(catalogue.ids(.article9).count == 10)
        #expect(catalogue.ids(.schedule1).count == 36)
        #expect(catalogue.ids(.schedule8).count == 9)
        #expect(catalogue.ids(.annex1).count == 5)
        #expect(catalogue.ids(.gateway).count == 21)
        #expect(catalogue.ids(.purpose).count == 10)
        #expect(catalogue.ids(.article14Ground).count == 15)
        #expect(catalogue.organisations.compactMap(\.protocolLine) == Array(1...21))
    }

    @Test("the shipped agreements load without a problem", arguments: ["tees-tier-2.yaml", "tier-1.yaml"])
    func agreements(_ name: String) throws {
        #expect(try Shipped.agreement(name).problems == [])
    }

    @Test("the shipped agreements agree with each other")
    func tiers() throws {
        let readings = [try Shipped.agreement("tees-tier-2.yaml"), try Shipped.agreement("tier-1.yaml")]
        #expect(AgreementSet.check(readings, catalogue: try Shipped.catalogue()) == [])
    }

    @Test("a file dropped into any shipped route goes to every partner it is for, and urgent ones are reviewed")
    func routes() throws {
        let catalogue = try Shipped.catalogue()
        let agreement = try Shipped.agreement("tees-tier-2.yaml").get()
        let now = try Instant("2026-11-22T09:00:00.000Z")
        let expected = [
            "strategy-meeting", "child-protection-conference", "rapid-review", "audit", "early-help", "crime-report",
            "police-intelligence", "urgent",
        ]
        #expect(agreement.routes.map(\.name.text) == expected)
        let alive = agreement.parties.filter { $0.isParty(on: now.londonDate) }.map(\.id)
        #expect(alive.count == 25)
        for route in agreement.routes {
            let label = Labelling(under: agreement, catalogue, at: now).label(route).label
            #expect((label.emergency != nil) == (route.name.text == "urgent"))
            let sender = try AgencyID(label.basis.regime == "dpa-part-3" ? "cleveland-police" : "hartlepool")
            for party in alive where party != sender && Self.isFor(party, route.name.text, catalogue) {
                let share = Share(
                    label, .init(from: sender, to: party), under: .init(agreement, catalogue), at: now)
                #expect(PolicyEngine.decide(share) == .release(warnings: []), "\(route.name) to \(party)")
                #expect(PolicyEngine.admit(share, .strict) == .release(warnings: []), "\(route.name) at \(party)")
            }
        }
    }

    private static func isFor(_ party: AgencyID, _ route: String, _ catalogue: Catalogue) -> Bool {
        switch route {
        case "crime-report": party.text == "cleveland-police"
        case "police-intelligence": catalogue.organisation(party)?.part3 == .yes
        default: true
        }
    }

    @Test(
        "a file for an organisation that ended is held and names the successor",
        arguments: [("nps", "probation-service"), ("dtv-crc", "probation-service"), ("tees-valley-ccg", "nenc-icb")])
    func ended(_ id: String, _ successor: String) throws {
        let catalogue = try Shipped.catalogue()
        let agreement = try Shipped.agreement("tees-tier-2.yaml").get()
        let now = try Instant("2026-11-22T09:00:00.000Z")
        let label = Labelling(under: agreement, catalogue, at: now).label(agreement.routes[0]).label
        let share = Share(
            label, .init(from: try AgencyID("stockton"), to: try AgencyID(id)), under: .init(agreement, catalogue),
            at: now)
        guard case .hold(let findings) = PolicyEngine.decide(share) else {
            Issue.record("not held")
            return
        }
        #expect(findings.map(\.rule) == ["R-015"])
        #expect(findings.first?.fix.contains(successor) ?? false)
    }

    @Test("a duty that is enacted and not commenced is no gateway")
    func notCommenced() throws {
        let day = try CalendarDate("2026-11-22")
        guard case .notCommenced = try Shipped.catalogue().standing("CA04-16LA", .gateway, on: day) else {
            Issue.record("CA04-16LA is relied on")
            return
        }
    }

    @Test("every shipped finding cites the law")
    func citations() throws {
        for rule in try Shipped.catalogue().rules {
            #expect(rule.citation.contains(/\d/) || rule.citation.contains("ICO"))
        }
    }
}
