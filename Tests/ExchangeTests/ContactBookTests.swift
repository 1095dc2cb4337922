import Exchange
import Testing
import Vocabulary

/// What notes, alarms and `status` say of whom to ring.
@Suite("Whom to ring, in words") struct ContactBookTests {
    private let desk = Contacts.Contact(name: "Information governance", telephone: "01632 960001")
    private let night = Contacts.Contact(name: "Control room", telephone: "01632 960002")
    private func police() throws -> AgencyID { try AgencyID("cleveland-police") }

    @Test("the desk that answers at any hour comes first, the other one is for the day")
    func both() throws {
        let book = ContactBook(theirs: [try police(): Contacts(informationGovernance: desk, outOfHours: night)])
        #expect(
            book.whomToRing(try police())
                == "Control room, 01632 960002, or in office hours Information governance, 01632 960001")
    }

    @Test("one number is given as it is, whichever it is")
    func one() throws {
        for contacts in [
            Contacts(outOfHours: night), Contacts(technical: night), Contacts(informationGovernance: night),
        ] {
            #expect(
                ContactBook(theirs: [try police(): contacts]).whomToRing(try police()) == "Control room, 01632 960002")
        }
    }

    @Test("without a number the words say so, and whom to ask, here as there")
    func none() throws {
        let words = ContactBook().whomToRing(try police())
        #expect(
            words.contains("cleveland-police") && words.contains("you know")
                && words.contains("none is in the settings"))
        #expect(ContactBook(ours: Contacts(technical: night)).whomToRing(try police()).contains("01632 960002"))
        #expect(ContactBook().whomToRingHere.contains("no number of ours is in the settings"))
        #expect(ContactBook(ours: Contacts(technical: night)).whomToRingHere == "Control room, 01632 960002")
    }

    @Test("a number that is put in later is seen by everybody who has the book")
    func later() throws {
        let (book, news) = (ContactBook(), ContactBook(theirs: [try police(): Contacts(outOfHours: night)]))
        var rules = HouseRules()
        rules.contacts = book
        book.replace(by: news)
        #expect(rules.contacts.whomToRing(try police()) == "Control room, 01632 960002")
        #expect(book == news)
    }

    @Test("a number is doubted after 90 days, before its first ring, and if that is still to come")
    func doubts() throws {
        func doubt(_ rung: String?, _ today: String) throws -> String? {
            let day = try rung.map { text in try CalendarDate(text) }
            return Contacts.Contact(name: "Desk", telephone: "101", rung: day).doubt(on: try CalendarDate(today))
        }
        #expect(try doubt("2026-08-02", "2026-10-31") == nil)
        #expect(try doubt("2026-08-02", "2026-11-01")?.contains("91 days ago") == true)
        #expect(try doubt(nil, "2026-11-01") != nil)
        #expect(try doubt("2026-11-02", "2026-11-01")?.contains("still to come") == true)
    }
}
