package import Vocabulary

/// How one partner is reached, beyond what its card says: by machines and by people.
package struct PartnerSettings: Hashable, Sendable {
    package enum Transport: String, Hashable, Sendable, CaseIterable { case https, folder }

    package var transport = Transport.https
    /// The shared folder or stick, for `transport: folder`.
    package var path: String?
    /// Instead of the address in the card.
    package var address: HostPort?
    package var contacts = Contacts()

    package init() {}
}
