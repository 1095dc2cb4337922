internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Foundation
internal import Policy
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

struct PartnerAddVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a partner, or take its newer card.",
        discussion: """
            The card may come by any way. The fingerprint must come by another one, such as a telephone call to a number \
            that you knew before: whoever owns that key is the partner from now on.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The partner's card.", completion: .file()) var card: String
    @Option(help: "Fingerprint of the partner's identity, as they told you by another way.") var fingerprint: String
    @OptionGroup(title: "Whom to telephone there") var telephone: ContactOptions

    func run() async throws {
        guard let pinned = PinText.fingerprint(fingerprint) else {
            throw ValidationError("--fingerprint takes 64 hexadecimal digits: their `waybill card --fingerprint`.")
        }
        let premises = try installation.premises()
        let bytes = try FileSystem.read(InstalledAgency.absolute(card))
        let given = try contacts(bytes, premises)
        let request = ControlRequest.addPartner(card: Data(bytes), fingerprint: pinned)
        let answer = try await Officer(premises).ask(request) { agency, account, now in
            let id = try CardReader.fingerprint(of: bytes).0.id
            let (revocation, isNew) = (agency.partners.revocation(of: id), !agency.partners.knows(id))
            let partner = try await agency.partners.add(bytes, pinned: pinned, by: account, at: now)
            // Before the first start nothing is known of any place: that start takes in what is mounted.
            if isNew, try await agency.places.remembered() != nil {
                try await agency.places.begin(at: now)
                try await agency.places.takeIn(of: partner.id, at: now)
            }
            var members = ["id": JSON.string(partner.id.text)]
            members["revoked"] = revocation.map { .string($0.words) }
            return members
        }
        let id = answer["id"]?.string ?? ""
        if let revoked = answer["revoked"]?.string {
            Terminal.complain("\(id) was not trusted before. \(Terminal.clean(revoked))")
        }
        Terminal.complain("Added \(id). Its outbox appears under \(premises.folders.outbox).")
        try await finish(AgencyID(id), premises, given)
    }

    /// Asked for before anything is done, and only where the settings name nobody yet.
    private func contacts(_ card: [UInt8], _ premises: InstalledAgency) throws -> Contacts {
        let id = try CardReader.fingerprint(of: card).0.id
        let isKnown = PartnerContacts(premises: premises, partner: id).isKnown
        return try telephone.contacts(of: id.text, asking: !isKnown)
    }

    private func finish(_ partner: AgencyID, _ premises: InstalledAgency, _ contacts: Contacts) async throws {
        if let catalogue = try? LawFiles.catalogue(premises.folders),
            let doubt = catalogue.doubt(about: partner, on: WallClock.now().londonDate)
        {
            Terminal.complain("Mind: \(doubt.words)")
        }
        if premises.settings.partner(partner).transport == .folder {
            Terminal.complain(
                "It is reached by folder: with the share or stick mounted, run waybill partner share \(partner) once.")
        }
        await PartnerContacts(premises: premises, partner: partner).keep(contacts)
    }
}
