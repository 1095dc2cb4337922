internal import Exchange
internal import Premises
internal import Settings
internal import Vocabulary

/// A partner's numbers into the settings, or in words what to put there.
struct PartnerContacts {
    let premises: InstalledAgency
    let partner: AgencyID

    /// Whether the settings name somebody already.
    var isKnown: Bool { premises.settings.partner(partner).contacts != Contacts() }

    func keep(_ contacts: Contacts) async {
        guard contacts != Contacts() else { return warn() }
        var why = "Its lines about partners are not of a simple shape, or the file is not yours."
        do {
            if try SettingsFile.add(contacts, of: partner, to: premises.configuration) { return await tell(contacts) }
        } catch { why = Explained.words(of: error) }
        Terminal.complain("The numbers were not written into \(premises.configuration). \(why)")
        Terminal.complain("Put these lines there, into what is there already, then: waybill reload\n")
        Terminal.say(SettingsEdit.lines(contacts, of: partner).joined(separator: "\n"))
    }

    private func tell(_ contacts: Contacts) async {
        Terminal.complain(
            "Telephone \(contacts.words ?? ""): written into \(premises.configuration), below partners.")
        guard premises.runningDaemon != nil else { return }
        do { _ = try await Officer(premises).ask(.reload) } catch {
            Terminal.complain("The running daemon knows of it after: waybill reload (\(Explained.words(of: error)))")
        }
    }

    private func warn() {
        guard !isKnown else { return }
        Terminal.complain(
            """
            Nobody to telephone at \(partner) is in the settings: an urgent file that cannot be delivered tells its sender no number.
            Add these lines to \(premises.configuration), then waybill reload:
            \(SettingsEdit.lines(Self.example, of: partner).map { "    \($0)" }.joined(separator: "\n"))
            """)
    }

    private static let example = Contacts(outOfHours: .init(name: "NAME", telephone: "NUMBER"))
}
