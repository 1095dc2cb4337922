internal import Synchronization
package import Vocabulary

/// Whom to telephone, in words that fit behind "Telephone" or "Then": a name and a number, or what to do without one.
///
/// Everybody who has it sees a number that is put in later: notes should not name an old one until the next restart.
package final class ContactBook: Sendable {
    private struct Content: Hashable {
        var ours = Contacts()
        var theirs: [AgencyID: Contacts] = [:]
    }

    private let content: Mutex<Content>

    package init(ours: Contacts = Contacts(), theirs: [AgencyID: Contacts] = [:]) {
        content = Mutex(Content(ours: ours, theirs: theirs))
    }

    package var ours: Contacts { content.withLock { $0.ours } }
    package var theirs: [AgencyID: Contacts] { content.withLock { $0.theirs } }

    /// Takes over what another one says, as after a reload of the settings.
    package func replace(by other: ContactBook) {
        let new = other.content.withLock { $0 }
        content.withLock { $0 = new }
    }

    /// `Control room, 01632 960001`: whoever answers at that partner at any hour; by day the other desk, too.
    package func whomToRing(_ partner: AgencyID) -> String {
        guard let words = theirs[partner]?.words else {
            let asking = ours.informationGovernance ?? ours.inAnEmergency
            let who = asking.map(\.words) ?? "whoever looks after information governance here"
            return "the number of \(partner) that you know: none is in the settings (ask \(who))"
        }
        return words
    }

    /// The same of our own agency: who decides here.
    package var whomToRingHere: String {
        ours.words
            ?? "whoever looks after information governance here: no number of ours is in the settings (contacts:)"
    }
}

extension ContactBook: Hashable {
    package static func == (left: ContactBook, right: ContactBook) -> Bool {
        left.content.withLock { $0 } == right.content.withLock { $0 }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(content.withLock { $0 }) }
}

extension Contacts {
    /// Nil where there is no number at all.
    package var words: String? {
        guard let first = inAnEmergency else { return nil }
        guard let night = outOfHours, let day = informationGovernance, night.telephone != day.telephone else {
            return first.words
        }
        return "\(night.words), or in office hours \(day.words)"
    }

    /// Each with what it is for; none: empty.
    package var listed: [(what: String, contact: Contact)] {
        let all = [
            ("information governance", informationGovernance), ("out of hours", outOfHours), ("technical", technical),
        ]
        return all.compactMap { what, contact in contact.map { (what, $0) } }
    }
}

extension Contacts.Contact {
    package var words: String { "\(name), \(telephone)" }

    /// After so many days without an answer nobody knows whether a number is still right.
    package static let trustedDays: Int64 = 90

    /// What is wrong with how well we know it; nil if somebody answered there lately.
    package func doubt(on today: CalendarDate) -> String? {
        guard let rung else { return "nobody has said when it was last rung" }
        let days = today.daysSince1970 - rung.daysSince1970
        if days < 0 { return "it is said to have been rung on \(rung), which is still to come" }
        return days > Self.trustedDays ? "it was last rung on \(rung), \(days) days ago" : nil
    }
}
