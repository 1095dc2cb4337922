import Law
import Policy
import Testing
import Vocabulary

/// What the shipped rows say, where a slip would decide wrongly.
@Suite struct ShippedCatalogueTests {
    private let catalogue: Catalogue

    init() throws { catalogue = try Shipped.catalogue() }

    private func organisation(_ id: String) throws -> Organisation {
        try #require(catalogue.organisation(try AgencyID(id)))
    }

    @Test("every organisation and every word cites where it comes from, and the DPV terms are of its own namespaces")
    func cited() {
        for organisation in catalogue.organisations { #expect(!organisation.citation.isEmpty, "\(organisation.id)") }
        for entry in catalogue.entries {
            #expect(entry.citation.count >= 5, "\(entry.id)")
            let iris = entry.facts.iris
            #expect(iris.allSatisfy { $0.hasPrefix("https://w3id.org/dpv") && $0.contains("#") }, "\(entry.id)")
        }
    }

    @Test(
        "a name is the one of the day",
        arguments: [
            ("nps", "2021-06-25", "National Probation Service"), ("nps", "2021-06-26", "Probation Service"),
            ("probation-service", "2026-11-22", "Probation Service"),
            ("north-tees-ft", "2026-11-22", "North Tees and Hartlepool NHS Foundation Trust"),
            ("yot-south-tees", "2026-11-22", "South Tees Youth Offending Service"),
            ("hartlepool", "2026-11-22", "Hartlepool Borough Council"),
        ])
    func names(_ id: String, _ day: String, _ name: String) throws {
        #expect(try organisation(id).name(on: try CalendarDate(day)) == name)
    }

    @Test("those that ended name who took over, and those name them")
    func edges() throws {
        let ended = catalogue.organisations.filter { $0.status == .ended }
        #expect(ended.map(\.id.text) == ["nps", "dtv-crc", "tees-valley-ccg"])
        let today = try CalendarDate("2026-11-22")
        for gone in ended {
            let next = try #require(gone.successor.flatMap(catalogue.organisation))
            #expect(next.predecessors.contains(gone.id))
            #expect(!gone.exists(on: today) && next.exists(on: today))
        }
    }

    @Test("a group has the members of the day")
    func members() throws {
        let group = try organisation("tv-ccg-gps")
        #expect(group.members(on: try CalendarDate("2022-06-30")).map(\.text) == ["tees-valley-ccg", "gp-practices"])
        #expect(group.members(on: try CalendarDate("2022-07-01")).map(\.text) == ["nenc-icb", "gp-practices"])
    }

    @Test("controllers stand behind both arrangements: councils of the area, integrated care board, police")
    func hosts() throws {
        for (id, councils) in [("hsscp", ["hartlepool", "stockton"]), ("stscp", ["middlesbrough", "redcar"])] {
            let arrangement = try organisation(id)
            #expect(arrangement.hostedBy.map(\.text) == councils + ["nenc-icb", "cleveland-police"])
            #expect(!arrangement.verified)
        }
        #expect(catalogue.organisations.filter { $0.kind == "arrangement" }.count == 2)
    }

    @Test("public authorities are those of DPA 2018 s.7, and a mixed group says nothing")
    func publicAuthorities() throws {
        for kind in ["local_authority", "yot", "police", "prison", "nhs_ft", "nhs_national", "icb"] {
            let ours = catalogue.organisations.filter { $0.kind == kind }
            #expect(ours.allSatisfy { $0.publicAuthority == true }, "\(kind)")
        }
        #expect(try organisation("voluntary-sector").publicAuthority == false)
        #expect(try organisation("schools-colleges").publicAuthority == nil)
        #expect(catalogue.organisations.allSatisfy { $0.country == "GB" })
    }

    @Test(
        "competent authorities under Part 3 are police, probation, prisons and youth offending teams",
        arguments: [
            ("police", Organisation.Part3.yes), ("probation", .yes), ("prison", .yes), ("yot", .yes),
            ("local_authority", .limited), ("nhs_ft", .no), ("icb", .no), ("arrangement", .no),
        ])
    func part3(_ kind: String, _ answer: Organisation.Part3) {
        let ours = catalogue.organisations.filter { $0.kind == kind }
        #expect(!ours.isEmpty)
        #expect(ours.allSatisfy { $0.part3 == answer })
    }

    @Test("which conditions of Schedule 1 need an appropriate policy document")
    func policyDocuments() {
        func ids(_ document: CatalogueEntry.PolicyDocument) -> [String] {
            catalogue.entries.filter { $0.kind == .schedule1 && $0.facts.policyDocument == document }.map(\.id)
        }
        let free = ["S1-2", "S1-3", "S1-4", "S1-13", "S1-29", "S1-30", "S1-31", "S1-32", "S1-33", "S1-34"]
        #expect(ids(.notRequired) == free)
        #expect(ids(.unlessToCompetentAuthority) == ["S1-10"])
        #expect(ids(.required).count == 25)
    }

    @Test("Article 14(5)(b) became (e) and (f) on 2026-02-05, and each ground says what goes with it")
    func grounds() throws {
        func open(_ day: String) throws -> [String] {
            let date = try CalendarDate(day)
            return catalogue.ids(.article14Ground).filter {
                $0.hasPrefix("14-") && catalogue.entry($0, .article14Ground, on: date) != nil
            }
        }
        #expect(try open("2026-02-04") == ["14-5-a", "14-5-b", "14-5-c", "14-5-d"])
        #expect(try open("2026-02-05") == ["14-5-a", "14-5-c", "14-5-d", "14-5-e", "14-5-f"])
        let grounds = catalogue.entries.filter { $0.kind == .article14Ground }
        #expect(grounds.allSatisfy { !$0.facts.needs.isEmpty })
        #expect(grounds.filter(\.facts.temporary).map(\.id) == ["14-5-f", "S2-2", "S2-2-3", "S2-7"])
    }

    @Test("serious harm and the other exemptions of Article 15 are no grounds of Article 14")
    func exemptions() {
        let grounds = Set(catalogue.ids(.article14Ground))
        #expect(grounds.isDisjoint(with: catalogue.ids(.article15Exemption)))
        #expect(catalogue.ids(.article15Exemption).count == 5)
    }

    @Test("recognised legitimate interests begin on 2026-02-05")
    func recognised() throws {
        for id in ["AX1-1", "AX1-2", "AX1-3", "AX1-5", "AX1-6"] {
            #expect(catalogue.entry(id, .annex1, on: try CalendarDate("2026-02-04")) == nil)
            #expect(catalogue.entry(id, .annex1, on: try CalendarDate("2026-02-05")) != nil)
        }
        #expect(catalogue.entry("A6-1-ea", .article6, on: try CalendarDate("2026-02-04")) == nil)
        #expect(catalogue.entry("A6-1-ea", .article6, on: try CalendarDate("2026-02-05")) != nil)
        #expect(catalogue.entry("A6-1-e", .article6, on: try CalendarDate("2026-02-04")) != nil)
    }

    @Test("the regulator is the one of the day")
    func regulator() throws {
        #expect(catalogue.regulator(on: try CalendarDate("2026-09-29")) == "Information Commissioner")
        #expect(catalogue.regulator(on: try CalendarDate("2026-09-30")) == "Information Commission")
    }

    @Test("a duty that is enacted and not in force stands ready")
    func enacted() throws {
        let day = try CalendarDate("2026-11-22")
        let waiting = catalogue.listing(on: day).filter { $0.standing == "is enacted but not yet in force" }
        #expect(waiting.map(\.id) == ["CA04-16LA", "CA04-16LC", "CPA26"])
        guard case .notYet = catalogue.standing("CA04-16LA", .gateway, on: try CalendarDate("2026-04-28")) else {
            Issue.record("known before it was enacted")
            return
        }
    }

    @Test("bank holidays of four years, eight each, none on a weekend")
    func holidays() throws {
        let years = Dictionary(grouping: catalogue.bankHolidays) { $0.parts.year }.mapValues(\.count)
        #expect(years == [2025: 8, 2026: 8, 2027: 8, 2028: 8])
        #expect(catalogue.bankHolidays.allSatisfy { !$0.isWeekend })
        #expect(try catalogue.bankHolidaysUntil == CalendarDate("2028-12-31"))
        #expect(catalogue.bankHolidays.contains(try CalendarDate("2026-12-28")))
    }

    @Test("every change of law names rows that begin or end with it")
    func changes() throws {
        let changes = catalogue.entries.filter { $0.kind == .change }
        #expect(changes.count == 6)
        for change in changes where change.status == .inForce {
            let day = try #require(change.validFrom)
            let eve = CalendarDate(daysSince1970: day.daysSince1970 - 1)
            #expect(!change.facts.touches.isEmpty)
            for id in change.facts.touches {
                let dates =
                    catalogue.entries.filter { $0.id == id }.flatMap { [$0.validFrom, $0.validTo] }
                    + (try organisationDates(id))
                #expect(dates.contains(day) || dates.contains(eve), "\(change.id) \(id)")
            }
        }
    }

    private func organisationDates(_ id: String) throws -> [CalendarDate?] {
        guard let slug = try? AgencyID(id), let organisation = catalogue.organisation(slug) else { return [] }
        return [organisation.validFrom, organisation.validTo] + organisation.members.flatMap { [$0.from, $0.to] }
    }
}
