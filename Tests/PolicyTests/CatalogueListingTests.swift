import Policy
import Testing
import Vocabulary

@Suite struct CatalogueListingTests {
    private func line(_ id: String, on day: String) throws -> CatalogueListing {
        let listing = try Words.catalogue().listing(on: try CalendarDate(day))
        return try #require(listing.first { $0.id == id })
    }

    @Test(
        "a line says how its word stands that day",
        arguments: [
            ("CA89-47", "2026-11-22", "is in force", true),
            ("A6-1-ea", "2026-02-04", "is not in force before 2026-02-05", false),
            ("A6-1-ea", "2026-02-05", "is in force", true), ("pu-3.9", "2026-11-22", "ended on 2026-11-21", false),
            ("CA04-16LA", "2026-11-22", "is enacted but not yet in force", false),
            ("tees-valley-ccg", "2022-06-30", "exists", true),
            ("tees-valley-ccg", "2022-07-01", "ended on 2022-06-30", false),
            ("R-020", "2026-11-22", "applies: hold", true),
        ])
    func standing(_ id: String, _ day: String, _ words: String, _ isInForce: Bool) throws {
        let line = try line(id, on: day)
        #expect(line.standing == words)
        #expect(line.isInForce == isInForce)
    }

    @Test("every word, organisation and rule stands in it once, whatever the day")
    func once() throws {
        let catalogue = try Words.catalogue()
        for day in ["1990-01-01", "2026-11-22", "2100-01-01"] {
            let listing = catalogue.listing(on: try CalendarDate(day))
            #expect(
                listing.count
                    == catalogue.organisations.count + Set(catalogue.entries.map { "\($0.kind) \($0.id)" }).count
                    + catalogue.rules.count)
        }
    }

    @Test("a word that nobody read again says so, and validity is told in words")
    func details() throws {
        let unread = try line("CA04-16H", on: "2026-11-22")
        #expect(unread.isInForce && !unread.isVerified)
        #expect(unread.validity.description == "no dates")
        #expect(try line("A6-1-ea", on: "2026-11-22").validity.description == "from 2026-02-05")
        #expect(try line("tees-valley-ccg", on: "2026-11-22").validity.description == "to 2022-06-30")
        let both = try Validity(from: CalendarDate("2020-04-01"), to: CalendarDate("2022-06-30"))
        #expect(both.description == "2020-04-01 to 2022-06-30")
    }

    @Test("two validities overlap where they share a day")
    func overlap() throws {
        func validity(_ from: String?, _ to: String?) throws -> Validity {
            Validity(from: try from.map(CalendarDate.init), to: try to.map(CalendarDate.init))
        }
        let year = try validity("2026-01-01", "2026-12-31")
        #expect(year.overlaps(try validity("2026-12-31", nil)))
        #expect(!year.overlaps(try validity("2027-01-01", nil)))
        #expect(!(try validity("2027-01-01", nil)).overlaps(year))
        #expect(!year.overlaps(try validity(nil, "2025-12-31")))
        #expect(year.overlaps(try validity(nil, nil)))
    }
}
