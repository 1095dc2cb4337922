import Policy
import Testing
import Vocabulary

@Suite struct CatalogueDifferenceTests {
    private let old: Catalogue

    init() throws { old = try Words.catalogue() }

    private func changed(
        entries: [CatalogueEntry]? = nil, organisations: [Organisation]? = nil, rules: [RuleEntry]? = nil,
        holidays: Set<CalendarDate> = []
    ) -> CatalogueDifference {
        let rows = Catalogue.Rows(
            entries: entries ?? old.entries, organisations: organisations ?? old.organisations,
            rules: rules ?? old.rules, bankHolidays: holidays)
        let new = Catalogue(version: "new", sha256: old.sha256, rows)
        return CatalogueDifference(from: old, to: new)
    }

    private func word(
        _ id: String, _ kind: CatalogueEntry.Kind, citation: String, from: String? = nil, to: String? = nil,
        status: CatalogueEntry.Status = .inForce
    ) throws -> CatalogueEntry {
        CatalogueEntry(
            id: id, kind: kind, label: id, citation: citation,
            force: .init(status, from: try from.map(CalendarDate.init), to: try to.map(CalendarDate.init)))
    }

    @Test("a catalogue does not differ from itself")
    func same() { #expect(changed().changes == []) }

    @Test("a duty that commences: its row ends and another is added")
    func commencement() throws {
        var entries = old.entries.filter { $0.id != "CA04-16LA" }
        entries.append(
            try word(
                "CA04-16LA", .gateway, citation: "CA04-16LA", to: "2027-03-31", status: .enactedNotInForce))
        entries.append(try word("CA04-16LA", .gateway, citation: "Children Act 2004 s.16LA", from: "2027-04-01"))
        let difference = changed(entries: entries)
        #expect(
            difference.changes.map(\.sentence) == [
                "gateways CA04-16LA: now ends on 2027-03-31.",
                "gateways CA04-16LA gains another row from 2027-04-01: Children Act 2004 s.16LA.",
            ])
        #expect(difference.changes.map(\.what) == [.changed, .added])
        #expect(difference.removed == [])
    }

    @Test("a row that is gone is a finding")
    func gone() throws {
        let difference = changed(entries: old.entries.filter { $0.id != "CA89-47" })
        #expect(difference.count(.removed) == 1 && difference.changes.count == 1)
        #expect(
            difference.removed.map(\.sentence) == [
                "gateways CA89-47 is gone: put the row back and end it with valid-to, because old decisions cite it."
            ])
    }

    @Test("of two rows of one id the one that is gone is a finding, and the other is compared with itself")
    func goneRow() throws {
        let two = [
            try word("X-1", .gateway, citation: "a", to: "2026-01-31"),
            try word("X-1", .gateway, citation: "b", from: "2026-02-01"),
        ]
        func catalogue(_ entries: [CatalogueEntry]) -> Catalogue {
            Catalogue(version: "v", sha256: old.sha256, .init(entries: entries))
        }
        let difference = CatalogueDifference(from: catalogue(two), to: catalogue([two[1]]))
        #expect(difference.changes.map(\.what) == [.removed])
    }

    @Test("dates, status, citation, label and facts are told in words")
    func fields() throws {
        let entries = old.entries.map { entry in
            guard entry.id == "A6-1-e" else { return entry }
            var changed = CatalogueEntry(
                id: entry.id, kind: entry.kind, label: "public task", citation: entry.citation,
                force: .init(.unverified, from: CalendarDate(daysSince1970: 0)))
            changed.facts = entry.facts
            changed.facts.requires = []
            changed.facts.note = "looked at"
            return changed
        }
        let sentences = changed(entries: entries).changes.map(\.sentence)
        #expect(
            sentences == [
                "article-6 A6-1-e: label is now \"public task\"; it was \"A6-1-e\".",
                "article-6 A6-1-e: status is now \"unverified\"; it was \"in_force\".",
                "article-6 A6-1-e: now begins on 1970-01-01.",
                "article-6 A6-1-e: requires is now empty; it was \"gateway\".",
                "article-6 A6-1-e: note is now \"looked at\"; it was empty.",
            ])
    }

    @Test("an organisation that ends names the day and who took over")
    func organisation() throws {
        let organisations = try old.organisations.map { organisation in
            guard organisation.id.text == "hartlepool" else { return organisation }
            var ended = organisation
            ended.status = .ended
            ended.validTo = try CalendarDate("2027-03-31")
            ended.successor = try AgencyID("tewv")
            ended.names = [.init("Hartlepool", to: try CalendarDate("2027-03-31"))]
            return ended
        }
        let sentences = changed(organisations: organisations).changes.map(\.sentence)
        #expect(
            sentences == [
                "organisations hartlepool: status is now \"ended\"; it was \"current\".",
                "organisations hartlepool: now ends on 2027-03-31.",
                "organisations hartlepool: names is now \"Hartlepool (to 2027-03-31)\"; it was empty.",
                "organisations hartlepool: successor is now \"tewv\"; it was empty.",
            ])
    }

    @Test("a rule that decides otherwise is told by its outcome")
    func rule() throws {
        let rules = old.rules.map { rule in
            rule.id == "R-020"
                ? RuleEntry(id: rule.id, citation: rule.citation, outcome: .block, says: rule.says) : rule
        }
        #expect(changed(rules: rules).changes.map(\.sentence) == ["rules R-020: the rule now says block, not hold."])
    }

    @Test("bank holidays come and do not go")
    func holidays() throws {
        let day = try CalendarDate("2029-01-01")
        let with = changed(holidays: [day])
        #expect(with.changes.map(\.sentence) == ["2029-01-01 becomes a bank holiday."])
        let new = old.with { $0.bankHolidays = [day] }
        #expect(CatalogueDifference(from: new, to: old).removed.count == 1)
    }

    @Test("every property of a row is compared: a new one must be told of too")
    func complete() throws {
        func count(_ value: Any) -> Int { Mirror(reflecting: value).children.count }
        let entry = try #require(old.entries.first)
        let organisation = try #require(old.organisations.first)
        let rule = try #require(old.rules.first)
        // Of a word: id and kind name the row, and the facts have fields of their own. A validity is two dates.
        #expect(entry.row.fields.count == count(entry) - 4 + count(entry.validity) + count(entry.facts))
        #expect(organisation.row.fields.count == count(organisation) - 1)
        #expect(rule.row.fields.count == count(rule) - 2 + count(rule.validity))
    }
}
