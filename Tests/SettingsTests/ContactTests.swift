import Law
import Policy
import Settings
import Testing
import Vocabulary

@Suite("Whom to telephone") struct ContactTests {
    private let least = "agency: hartlepool\nname: Hartlepool\nlisten: 127.0.0.1:8443\n"

    private func read(_ text: String) -> Reading<Installation> {
        InstallationReader.read(Array(text.utf8), file: "waybill.yaml", folder: "/srv/waybill")
    }

    private func police() throws -> AgencyID { try AgencyID("cleveland-police") }

    @Test("stands in the settings, for ourselves and for each partner")
    func read() throws {
        let installation = try read(
            least + """
                contacts:
                  information-governance: { name: Information governance, telephone: "01632 960001", rung: 2026-11-01 }
                partners:
                  cleveland-police:
                    contacts:
                      out-of-hours: { name: Control room, telephone: +44 1632 960002 ext 4 }
                      technical: { name: ICT, telephone: 101 }

                """
        ).get()
        let ours = Contacts.Contact(
            name: "Information governance", telephone: "01632 960001", rung: try CalendarDate("2026-11-01"))
        #expect(installation.contacts == Contacts(informationGovernance: ours))
        let theirs = installation.partner(try police()).contacts
        #expect(theirs.outOfHours == .init(name: "Control room", telephone: "+44 1632 960002 ext 4"))
        #expect(theirs.technical?.telephone == "101")
        #expect(theirs.inAnEmergency?.name == "Control room")
        #expect(try read(least).get().contacts == Contacts())
    }

    @Test("mistakes are told with their lines")
    func mistakes() {
        let reading = read(
            least + """
                contacts:
                  out-of-hours: { name: Duty desk }
                  technical: { name: "2", telephone: ask Joe, rung: yesterday }
                  day: { name: X, telephone: 101 }
                partners:
                  tewv:
                    contacts: 01632 960001

                """)
        let found = reading.problems.map { "\($0.line) \($0.what)" }
        let expected = [
            "5 \"contacts.out-of-hours.telephone\" is missing", "6 \"contacts.technical.name\" must be",
            "6 \"contacts.technical.telephone\" must be", "6 \"contacts.technical.rung\" must be a day",
            "7 unknown key \"day\"", "10 \"partners.tewv.contacts\" must be a group of keys",
        ]
        #expect(found.count == expected.count, "\(found)")
        for what in expected { #expect(found.contains { $0.hasPrefix(what) }, "\(what) is not among \(found)") }
    }

    @Test(
        "on a command line it is a name, a comma and a number",
        arguments: [
            ("Control room, 01632 960001", true), ("Smith, Jones and Co, (01632) 960001", true), ("Desk,999", true),
            ("Control room", false), ("01632 960001", false), ("Control room, ", false), ("Desk, call me", false),
            ("Desk, 12", false), (", 01632 960001", false), ("Desk\u{7}, 01632 960001", false),
        ])
    func words(_ text: String, _ isContact: Bool) {
        #expect((Contacts.Contact(text) != nil) == isContact, "\(text)")
    }

    @Test("the file that init writes names ours, and says how where there is none")
    func template() throws {
        let contacts = Contacts(outOfHours: .init(name: "The \"duty\" desk", telephone: "01632 960001"))
        func text(_ contacts: Contacts) throws -> String {
            Installation.template(
                agency: try AgencyID("hartlepool"), name: "Hartlepool", listen: HostPort(host: "::1", port: 1),
                address: "", contacts: contacts)
        }
        #expect(try read(try text(contacts)).get().contacts == contacts)
        let bare = try text(Contacts())
        #expect(try read(bare).get().contacts == Contacts())
        let uncommented = bare.replacing("# contacts:", with: "contacts:").replacing("#   ", with: "  ")
            .replacing("# partners:", with: "partners:")
        let shown = try read(uncommented).get()
        #expect(shown.contacts.technical?.name == "ICT service desk")
        #expect(shown.partner(try police()).contacts.outOfHours?.telephone == "101")
    }
}

@Suite("A licensed fertility centre") struct OfficeTests {
    @Test(
        "says so in its settings; nobody else is one", arguments: [("yes", true), ("true", true), ("no", false)])
    func said(_ word: String, _ isOne: Bool) throws {
        let least = "agency: hartlepool\nname: Hartlepool\nlisten: 127.0.0.1:8443\n"
        func read(_ text: String) -> Reading<Installation> {
            InstallationReader.read(Array(text.utf8), file: "waybill.yaml", folder: "/srv/waybill")
        }
        let installation = try read(least + "licensed-fertility-centre: \(word)\n").get()
        #expect(installation.offices.contains(.licensedFertilityCentre) == isOne)
        #expect(try read(least).get().offices == [])
        let wrong = read(least + "licensed-fertility-centre: perhaps\n")
        #expect(wrong.value == nil && wrong.problems.first?.line == 4, "\(wrong.problems)")
    }
}

/// What `partner add` does to a file that a person wrote.
@Suite("A number put into waybill.yaml") struct SettingsEditTests {
    private let contacts = Contacts(outOfHours: .init(name: "Control: room #1", telephone: "01632 960002"))
    private let row = #"out-of-hours: { name: "Control: room #1", telephone: "01632 960002" }"#

    private func edit(_ rest: String) throws -> String? {
        let top = "# by hand\nagency: hartlepool\nname: Hartlepool # ours\nlisten: 127.0.0.1:8443\n"
        let edited = SettingsEdit.adding(contacts, of: try AgencyID("cleveland-police"), to: top + rest)
        guard let edited else { return nil }
        #expect(edited.hasPrefix(top), "it changed what stood there: \(edited)")
        return String(edited.dropFirst(top.count))
    }

    @Test("goes to the end where no partner is named yet")
    func append() throws {
        let block = "partners:\n  cleveland-police:\n    contacts:\n      \(row)\n"
        #expect(try edit("") == block)
        #expect(try edit("settle: 2s") == "settle: 2s\n" + block)
    }

    @Test("goes below the partner, and every comment and other line stays")
    func insert() throws {
        let before = """
            partners:

                # by stick
                cleveland-police:    # the police
                  # over the wire
                  address: 10.0.0.1:8443
                tewv: { transport: folder, path: /mnt/tewv }
            # then the rest
            settle: 2s

            """
        let after = before.replacing(
            "# the police\n", with: "# the police\n      contacts:\n        \(row)\n")
        #expect(try edit(before) == after)
        let others = before.replacing("cleveland-police", with: "hartlepool-college")
        let added = others.replacing(
            "partners:\n", with: "partners:\n    cleveland-police:\n      contacts:\n        \(row)\n")
        #expect(try edit(others) == added)
    }

    @Test(
        "is left to a person where the shape is not simple",
        arguments: [
            "partners: { tewv: { transport: folder, path: /mnt/tewv } }\n",
            "partners:\n  cleveland-police: { address: \"10.0.0.1:8443\" }\n",
            "partners:\n  cleveland-police:\n    contacts: { technical: { name: ICT, telephone: 101 } }\n",
            "settle: soon\n", "---\nsettle: 2s\n", "...\n",
        ])
    func byHand(_ rest: String) throws {
        #expect(try edit(rest) == nil)
    }
}
