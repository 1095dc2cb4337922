import Policy
import Settings
import Testing
import Vocabulary

@Suite struct ShippedTests {
    @Test("the shipped catalogue loads without a problem")
    func catalogue() throws {
        let reading = try Shipped.catalogueReading()
        #expect(reading.problems == [])
        let catalogue = try reading.get()
        #expect(catalogue.version == "2026-11-22")
        #expect(catalogue.ids(.personalCategory).count == 13)
        #expect(catalogue.ids(.specialCategory).count == 8)
        #expect(catalogue.ids(.article6).count == 7)
        #expect(catalogue.ids(.article9).count == 10)
        #expect(catalogue.ids(.schedule1).count == 36)
        #expect(catalogue.ids(.schedule8).count == 9)
        #expect(catalogue.ids(.annex1).count == 5)
        #expect(catalogue.ids(.gateway).count == 14)
        #expect(catalogue.ids(.purpose).count == 8)
        #expect(catalogue.ids(.article14Ground).count == 10)
        #expect(catalogue.organisations.compactMap(\.protocolLine) == Array(1...21))
    }

    @Test("the shipped agreements load without a problem", arguments: ["tees-tier-2.yaml", "tier-1.yaml"])
    func agreements(_ name: String) throws {
        #expect(try Shipped.agreement(name).problems == [])
    }

    @Test("every partner, category and purpose of the protocol stands in the catalogue, word for word")
    func verbatim() throws {
        let catalogue = try Shipped.catalogue()
        let labels = Set(catalogue.entries.map(\.label) + catalogue.organisations.compactMap(\.label))
        let wording = Wording(try Shipped.text("tees-protocol.txt"))
        #expect(wording.partners.count == 21)
        #expect(wording.purposes.count == 8)
        #expect(wording.personal.count == 13)
        #expect(wording.special.count == 4)
        for text in wording.partners + wording.purposes + wording.personal + wording.special {
            #expect(labels.contains(text), "\(text)")
        }
    }

    @Test("every label marked as the protocol's occurs in its text")
    func marked() throws {
        let text = try Shipped.text("tees-protocol.txt").lowercased()
        let catalogue = try Shipped.catalogue()
        for entry in catalogue.entries where entry.facts.inProtocol {
            #expect(text.contains(entry.label.lowercased()), "\(entry.id)")
        }
        for organisation in catalogue.organisations where organisation.protocolLine != nil {
            #expect(text.contains((organisation.label ?? "?").lowercased()), "\(organisation.id)")
        }
    }

    @Test("a file dropped into any shipped route goes to every partner that exists, and urgent ones are reviewed")
    func routes() throws {
        let catalogue = try Shipped.catalogue()
        let agreement = try Shipped.agreement("tees-tier-2.yaml").get()
        let now = try Instant("2026-11-22T09:00:00.000Z")
        let expected = [
            "strategy-meeting", "child-protection-conference", "rapid-review", "audit", "early-help", "urgent",
        ]
        #expect(agreement.routes.map(\.name.text) == expected)
        let alive = agreement.parties.filter { $0.isParty(on: now.date) }
        #expect(alive.count == 25)
        for route in agreement.routes {
            let label = Labelling.label(route: route, agreement: agreement, catalogue: catalogue, now: now).label
            #expect((label.emergency != nil) == (route.name.text == "urgent"))
            for party in alive {
                let decision = PolicyEngine.decide(
                    label: label, agreement: agreement, catalogue: catalogue, sender: try AgencyID("hartlepool"),
                    recipient: party.id, now: now)
                #expect(decision == .release(warnings: []), "\(route.name) to \(party.id)")
                let admitted = PolicyEngine.admit(
                    label: label, knownAgreements: [agreement], catalogue: catalogue,
                    sender: try AgencyID("hartlepool"),
                    we: party.id, now: now, admission: .strict)
                #expect(admitted == .release(warnings: []))
            }
        }
    }

    @Test(
        "a file for an organisation that ended is held and names the successor",
        arguments: [("nps", "probation-service"), ("dtv-crc", "probation-service"), ("tees-valley-ccg", "nenc-icb")])
    func ended(_ id: String, _ successor: String) throws {
        let catalogue = try Shipped.catalogue()
        let agreement = try Shipped.agreement("tees-tier-2.yaml").get()
        let now = try Instant("2026-11-22T09:00:00.000Z")
        let label = Labelling.label(route: agreement.routes[0], agreement: agreement, catalogue: catalogue, now: now)
            .label
        let decision = PolicyEngine.decide(
            label: label, agreement: agreement, catalogue: catalogue, sender: try AgencyID("stockton"),
            recipient: try AgencyID(id), now: now)
        guard case .hold(let findings) = decision else {
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

/// The lists of the protocol, taken from its text.
private struct Wording {
    let partners: [String]
    let purposes: [String]
    let personal: [String]
    let special: [String]

    init(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
        func bullets(from start: String, to end: String) -> [String] {
            let part = lines.drop { !$0.hasPrefix(start) }.prefix { !$0.hasPrefix(end) }
            return part.filter { $0.hasPrefix("•") }.map { line in
                let words = line.dropFirst().drop { $0 == " " }
                return String(words.last == "." ? words.dropLast() : words)
            }
        }
        func list(_ start: String) -> [String] {
            let line = lines.first { $0.hasPrefix(start) } ?? ""
            let items = (line.split(separator: ":").last ?? "").split(separator: ";")
            return items.map { item in
                var words = item.drop { $0 == " " }
                if words.hasPrefix("and ") { words = words.dropFirst(4) }
                return String(words.last == "." ? words.dropLast() : words)
            }
        }
        partners = bullets(from: "3.1", to: "3.2")
        purposes = bullets(from: "5.3", to: "6.")
        (personal, special) = (list("2.1"), list("2.2"))
    }
}
