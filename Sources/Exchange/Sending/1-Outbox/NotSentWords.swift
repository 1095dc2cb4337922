internal import Folders
internal import Vocabulary

/// The words of the notes beside what is not sent.
extension Notes {
    /// `NAME.not-sent.txt` in an outbox.
    static func notSent(name: String, _ word: NotSentNotes.Word, contacts: Contacts) -> String {
        """
        \(OurNote.firstLine)
        \(danger(contacts))

        What:       \(name)
        Why:        \(word.why).
        What to do: \(word.remedy.prefix(1).uppercased() + word.remedy.dropFirst()).
        Help:       \(help(contacts))

        Nothing of it has been sent. This note goes away by itself when the reason does; it is never sent.

        """
    }

    /// Beyond so many notes.
    static func moreNotSent(_ count: Int, contacts: Contacts) -> String {
        """
        \(OurNote.firstLine)
        \(danger(contacts))

        What:       \(count) more in this folder
        Why:        there are too many for a note each.
        What to do: mend those that have notes; then the others get theirs. `waybill status` lists all.
        Help:       \(help(contacts))

        Nothing of them has been sent. This note goes away by itself; it is never sent.

        """
    }

    private static func danger(_ contacts: Contacts) -> String {
        let then = contacts.inAnEmergency.map { " Then \($0.name), \($0.telephone)." } ?? ""
        return "If a child is in danger now: 999.\(then)"
    }

    private static func help(_ contacts: Contacts) -> String {
        guard let contact = contacts.technical ?? contacts.informationGovernance ?? contacts.outOfHours else {
            return "telephone whoever looks after Waybill in your organisation."
        }
        return "telephone \(contact.name), \(contact.telephone)."
    }
}
