internal import Envelope
internal import Exchange
internal import Folders
internal import Policy
internal import Settings
package import Statements
package import Vocabulary

/// The partners of an installation as they lie on disk, good and bad.
package struct PartnerFacts: Sendable {
    package let premises: InstalledAgency
    package let now: Instant
    package let partners: [Partner]
    /// Cards that are not loaded, and why.
    package let troubles: [(id: String, why: String)]
    package let revocations: [Revocation]

    package init(_ premises: InstalledAgency, at now: Instant) {
        (self.premises, self.now) = (premises, now)
        do { (partners, troubles) = try PartnerFiles(folder: premises.folders.partners).load() } catch {
            (partners, troubles) = ([], [("(all)", "\(premises.folders.partners) cannot be read: \(error)")])
        }
        revocations = (try? PartnerFiles(folder: premises.folders.partners).revocations) ?? []
    }

    /// Throws `Trouble` with the way out.
    package func require(_ id: AgencyID) throws -> Partner {
        if let partner = partners.first(where: { $0.id == id }) { return partner }
        if let gone = revocations.first(where: { $0.id == id }) {
            throw Trouble(
                "\(id) was revoked.", why: gone.words,
                fix: "Only if you trust them again: waybill partner add CARD --fingerprint SHA256")
        }
        if let trouble = troubles.first(where: { $0.id == id.text }) {
            throw Trouble(
                "The card of \(id) is not in order.", why: trouble.why,
                fix: "Add their newest card: waybill partner add CARD --fingerprint SHA256")
        }
        throw Trouble("\(id) is not a partner.", why: "There is no card of theirs.", fix: "See: waybill partner list")
    }

    package func road(to partner: Partner) -> String {
        let chosen = premises.settings.partner(partner.id)
        switch chosen.transport {
        case .folder: return "folder \(chosen.path ?? "(none named)")"
        case .https: return "https \(chosen.address?.description ?? partner.card.address)"
        }
    }

    /// Whom to telephone there, one line for each who is known; with doubts about numbers that nobody rang lately.
    package func telephones(of partner: AgencyID) -> [(what: String, words: String)] {
        premises.settings.partner(partner).contacts.listed.map { what, contact in
            let doubt = contact.doubt(on: now.londonDate).map { " (\($0))" } ?? ""
            return (what, contact.words + doubt)
        }
    }

    /// The day on which something of theirs first ends: the card, or the last certificate of a role.
    package func end(of partner: Partner) -> Instant {
        let roles = [Role.signing, .sealing, .tls].compactMap { partner.usable($0, at: now).first?.notAfter }
        return ([partner.card.validUntil, partner.identity.notAfter] + roles).min() ?? partner.card.validUntil
    }
}
