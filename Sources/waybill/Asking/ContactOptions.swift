internal import ArgumentParser
internal import Exchange
internal import Settings
internal import Vocabulary

/// Whom to telephone: by options, or, where a person sits at a terminal, by asking.
struct ContactOptions: ParsableArguments {
    @Option(help: "Who decides about sharing there, as \"NAME, NUMBER\".") var contact: String?
    @Option(help: "Who answers at night and on holidays, as \"NAME, NUMBER\".") var outOfHours: String?
    @Option(help: "Who runs the machine, as \"NAME, NUMBER\".") var technical: String?
    @Option(help: "The day on which these numbers were last rung and answered, such as 2026-11-01.") var rung: String?

    /// What was given; asks for what was not if somebody can answer.
    func contacts(of whom: String, asking: Bool = true) throws -> Contacts {
        let day = try rung.map { text in try Self.day(text) }
        var contacts = Contacts(
            informationGovernance: try Self.read(contact, "--contact"),
            outOfHours: try Self.read(outOfHours, "--out-of-hours"), technical: try Self.read(technical, "--technical"))
        if asking, contacts == Contacts(), Terminal.canAsk { contacts = Self.ask(whom) }
        contacts.informationGovernance?.rung = day
        contacts.outOfHours?.rung = day
        contacts.technical?.rung = day
        return contacts
    }

    private static func read(_ text: String?, _ option: String) throws -> Contacts.Contact? {
        guard let text else { return nil }
        guard let contact = Contacts.Contact(text) else {
            throw ValidationError("\(option) takes a name and a number: \"Control room, 01632 960001\".")
        }
        return contact
    }

    private static func day(_ text: String) throws -> CalendarDate {
        guard let day = try? CalendarDate(text) else { throw ValidationError("--rung takes a day like 2026-11-01.") }
        return day
    }

    private static func ask(_ whom: String) -> Contacts {
        Terminal.complain(
            "Whom do people telephone at \(Terminal.clean(whom))? NAME, NUMBER; an empty line leaves it out.")
        return Contacts(
            informationGovernance: answer("Information governance"),
            outOfHours: answer("Out of hours, for a child in danger"), technical: answer("Technical"))
    }

    private static func answer(_ what: String) -> Contacts.Contact? {
        while let line = Terminal.ask("  \(what): "), !line.isEmpty {
            if let contact = Contacts.Contact(line) { return contact }
            Terminal.complain("  A name, a comma and a number, such as: Control room, 01632 960001")
        }
        return nil
    }
}
