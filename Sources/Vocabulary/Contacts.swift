/// Whom to telephone at an agency, as the settings say. Never in a card: cards refuse members that they do not know.
package struct Contacts: Hashable, Sendable {
    /// Who decides about sharing.
    package var informationGovernance: Contact?
    /// Who answers at night, on Sundays and on holidays.
    package var outOfHours: Contact?
    /// Who runs the machine.
    package var technical: Contact?

    package init(informationGovernance: Contact? = nil, outOfHours: Contact? = nil, technical: Contact? = nil) {
        self.informationGovernance = informationGovernance
        self.outOfHours = outOfHours
        self.technical = technical
    }

    package struct Contact: Hashable, Sendable {
        /// A desk or a role rather than a person: people move on.
        package var name: String
        /// As it is dialled; spaces allowed.
        package var telephone: String
        /// The day on which somebody last rang it and was answered.
        package var rung: CalendarDate?

        package init(name: String, telephone: String, rung: CalendarDate? = nil) {
            self.name = name
            self.telephone = telephone
            self.rung = rung
        }
    }

    /// Whom to ring about a child in danger, whatever the hour: the out-of-hours desk first.
    package var inAnEmergency: Contact? { outOfHours ?? informationGovernance ?? technical }
}
