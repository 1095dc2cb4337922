internal import Envelope
package import Vocabulary

/// What ends soon, of ours and of our partners': certificates in use, cards, identities. Pure: the time is passed in.
package struct Expiry: Hashable, Sendable {
    /// From so many days before the end it is said; from `urgentDays` on it is said louder.
    package static let warningDays: Int64 = 60
    package static let urgentDays: Int64 = 14

    /// Names the alarm: `expiry/signing`, `expiry/partner/tewv/card`.
    package let name: String
    /// Such as `Our signing certificate`.
    package let what: String
    package let end: Instant
    /// The command that mends it, or what to ask for.
    package let fix: String

    package init(name: String, what: String, end: Instant, fix: String) {
        (self.name, self.what, self.end, self.fix) = (name, what, end, fix)
    }

    /// Whole days that are left; negative once it has ended.
    package func daysLeft(at now: Instant) -> Int64 {
        let seconds = end.seconds - now.seconds
        return seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400)
    }

    /// Nil while there is time enough.
    package func warning(at now: Instant) -> String? {
        let days = daysLeft(at: now)
        guard days <= Self.warningDays else { return nil }
        let (day, days_) = (end.date, abs(days) == 1 ? "day" : "days")
        if now > end { return "\(what) HAS ENDED (\(day), \(-days) \(days_) ago). Now: \(fix)" }
        let text = "\(what) ends in \(days) \(days_) (\(day)). "
        return days <= Self.urgentDays ? "URGENT: \(text)At once: \(fix)" : "\(text)In time: \(fix)"
    }
}

extension Expiry {
    /// Alarms by name.
    package static func warnings(_ all: [Expiry], at now: Instant) -> [String: String] {
        all.reduce(into: [:]) { alarms, expiry in alarms[expiry.name] = expiry.warning(at: now) }
    }

    /// - Parameter ours: our own card, read as a partner reads it.
    package static func all(ours: Partner, partners: [Partner]) -> [Expiry] {
        let roles = Role.allCases.compactMap { role in
            ours.lastEnd(role).map {
                Expiry(
                    name: "expiry/\(role.rawValue)", what: "Our \(role.rawValue) certificate", end: $0,
                    fix: "waybill keys rotate \(role.rawValue)")
            }
        }
        return roles + [
            Expiry(
                name: "expiry/card", what: "Our card", end: ours.card.validUntil,
                fix: "waybill card --renew, with the identity key"),
            Expiry(
                name: "expiry/identity", what: "Our identity", end: ours.identity.notAfter,
                fix: "make a new installation and exchange cards and fingerprints anew (operations.md)"),
        ] + partners.flatMap(of)
    }

    private static func of(_ partner: Partner) -> [Expiry] {
        let ask =
            "it comes by itself once they have renewed it; ring them: waybill card --renew, waybill keys rotate sealing"
        let (name, id) = ("expiry/partner/\(partner.id)", partner.id)
        let sealing = partner.lastEnd(.sealing).map {
            Expiry(name: "\(name)/sealing", what: "The sealing certificate of \(id)", end: $0, fix: ask)
        }
        return (sealing.map { [$0] } ?? []) + [
            Expiry(name: "\(name)/card", what: "The card of \(id)", end: partner.card.validUntil, fix: ask),
            Expiry(
                name: "\(name)/identity", what: "The identity of \(id)", end: partner.identity.notAfter,
                fix: "ask them for a new card, and for its fingerprint by telephone"),
        ]
    }
}

extension Partner {
    /// When the last certificate of a role ends that was not retired; nil if there is none.
    package func lastEnd(_ role: Role) -> Instant? { listed(role).filter { !isRetired($0) }.map(\.notAfter).max() }
}
