internal import Exchange
internal import Folders
internal import Policy
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

/// Whom to telephone, here and at each partner: is there a number, and did somebody answer it lately?
struct ContactChecks {
    private let premises: InstalledAgency
    private let partners: [Partner]
    private let today: CalendarDate

    init(_ premises: InstalledAgency, at now: Instant) {
        self.premises = premises
        partners = PartnerFacts(premises, at: now).partners
        today = now.londonDate
    }

    func lines() -> [CheckLine] {
        [Self.line("telephone here", premises.settings.contacts, at: "contacts", on: today)]
            + partners.map { partner in
                Self.line(
                    "telephone of \(partner.id)", premises.settings.partner(partner.id).contacts,
                    at: "partners.\(partner.id).contacts", on: today)
            }
    }

    /// - Parameter place: where in the settings they stand.
    static func line(_ what: String, _ contacts: Contacts, at place: String, on today: CalendarDate) -> CheckLine {
        guard let words = contacts.words else {
            return .warning(
                what, "no number is in the settings: notes about urgent files can name none",
                fix: "Add \(place), out-of-hours: { name: DESK, telephone: NUMBER, rung: \(today) } to the settings.")
        }
        let doubts = contacts.listed.compactMap { kind, contact in
            contact.doubt(on: today).map { "\(kind) (\(contact.words)): \($0)" }
        }
        guard !doubts.isEmpty else { return .ok(what, words) }
        return .warning(
            what, doubts.joined(separator: "; "),
            fix: "Ring it. If they answer, write rung: \(today) beside it, at \(place) in the settings.")
    }
}
