internal import Envelope
internal import Exchange
internal import Folders
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

/// The identity key in the hands of whoever types a command. It is read here, used here, and never given to the daemon.
struct IdentityKey {
    private let file: String
    private let identity: Certificate
    private let agency: AgencyID

    /// - Parameter file: where it is kept; nil: `keys/identity.key`.
    init(_ premises: InstalledAgency, file: String?) throws {
        self.file = file.map(InstalledAgency.absolute) ?? "\(premises.folders.keys)/identity.key"
        (identity, agency) = (try SignedCard(ours: premises).identity, premises.settings.agency)
        guard FileSystem.exists(self.file) else {
            throw Trouble(
                "The identity key is not at \(self.file).",
                why: "Only it can issue certificates and sign our card; it is kept offline.",
                fix:
                    "Fetch it from where it is kept, and name it: --identity-key FILE (mode 0600, in a folder of mode 0700)."
            )
        }
    }

    private func key() throws -> PrivateKey {
        do {
            let key = try KeyFile.load(file)
            guard key.fingerprint == identity.fingerprint else { throw EnvelopeError.certificate(.mismatch) }
            return key
        } catch {
            throw Trouble(
                "The identity key \(file) cannot be used.", why: "\(error)",
                fix:
                    "It must be this agency's (waybill card --fingerprint), owned by you, mode 0600 in a folder of 0700. "
                    + "A stick without modes is mounted with umask=077.")
        }
    }

    func certify(_ key: PublicKey, as role: Role, at now: Instant) throws -> Certificate {
        try Issuer(agency: agency, key: self.key(), identity: identity)
            .issue(role, for: key, now: now, days: KeyRing.roleDays)
    }

    /// The card that follows `former`, signed.
    func sign(
        _ change: NextCard.Change, after former: SignedCard, _ settings: Installation, at now: Instant
    ) throws -> [UInt8] {
        let end = min(now.adding(seconds: InstallationSetup.cardDays * 86_400), identity.notAfter)
        let card = try NextCard.make(
            after: former.card, signed: former.bytes, change, name: settings.name, address: settings.address,
            versions: InstallationSetup.versions, until: end, at: now)
        return try StatementSigner(identityKey: key(), identity: identity).sign(card.checked, at: now)
    }
}
