internal import Envelope
internal import Folders
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

/// Our keys and our card: each key is used for what it is there for.
struct KeyChecks {
    private let premises: InstalledAgency
    private let now: Instant
    private static let renew = "waybill card --renew, with the identity key; partners get the card by themselves."
    private static let restore =
        "As it says; or restore keys/ from your backup: files 0600 in a folder 0700, owned by the daemon's user."

    init(_ premises: InstalledAgency, at now: Instant) { (self.premises, self.now) = (premises, now) }

    func lines() async -> [CheckLine] {
        let directory: KeyDirectory
        do { directory = try KeyDirectory(folder: premises.folders.keys) } catch {
            return [.failed("keys", Explained.words(of: error), fix: Self.restore)]
        }
        var lines = [
            await .trying("sign and verify", fix: Self.restore) { try sign(directory) },
            await .trying("seal and open", fix: Self.restore) { try seal(directory) },
            await .trying("ledger key", fix: Self.restore) { try signNote(directory) },
            await .trying("tls key", fix: Self.restore) {
                _ = try directory.credentials()
                return "key and certificate load"
            },
            identityKey(directory),
        ]
        for role in Role.allCases { lines.append(validity(of: role, directory)) }
        return lines + card(directory)
    }

    private func sign(_ directory: KeyDirectory) throws -> String {
        let statement = try directory.signer().sign(Array("check".utf8), at: now)
        let verified = try StatementVerifier.verify(statement, identity: directory.identity, role: .signing, at: now)
        guard verified.content == Array("check".utf8) else { throw EnvelopeError.statement(.signature) }
        return "a statement was signed and verified"
    }

    private func seal(_ directory: KeyDirectory) throws -> String {
        guard let newest = try directory.pairs(.sealing).first else { throw EnvelopeError.key(.missing) }
        let sealed = try Sealer(recipient: newest.certificate).sealWaybill(Array("check".utf8))
        guard try directory.opener().openWaybill(sealed) == Array("check".utf8) else {
            throw EnvelopeError.cannotBeOpened
        }
        return "a message was sealed to us and opened"
    }

    private func signNote(_ directory: KeyDirectory) throws -> String {
        let key = try directory.ledgerKey()
        let signature = try key.sign(Array("check".utf8))
        guard OpenSSLLedgerCrypto().verify(signature, over: Array("check".utf8), by: key.publicKey) else {
            throw EnvelopeError.statement(.signature)
        }
        return "signs checkpoints"
    }

    private func identityKey(_ directory: KeyDirectory) -> CheckLine {
        guard FileSystem.exists("\(directory.folder)/identity.key") else {
            return .ok("identity key", "is kept offline")
        }
        return .warning(
            "identity key", "lies on this machine, where daily work needs it not",
            fix: "Once cards are exchanged, move keys/identity.key to offline storage, with a backup.")
    }

    private func validity(of role: Role, _ directory: KeyDirectory) -> CheckLine {
        let what = "\(role.rawValue) certificate"
        guard let newest = (try? directory.pairs(role))?.first?.certificate else {
            return .failed(what, "there is none", fix: Self.restore)
        }
        guard newest.notBefore <= now else {
            return .failed(what, "is not valid yet", fix: "Set this machine's clock.")
        }
        return .countdown(
            what, Words.days(from: now, to: newest.notAfter), "until \(newest.notAfter.date)",
            fix: "waybill keys rotate \(role.rawValue), with the identity key; partners get the card by themselves.")
    }

    /// Partners seal to the key that the card names: it must be here.
    private func card(_ directory: KeyDirectory) -> [CheckLine] {
        let ours: SignedCard
        do { ours = try SignedCard(ours: premises) } catch {
            return [.failed("card", Explained.words(of: error), fix: "Restore card.p7s from your backup.")]
        }
        var lines: [CheckLine] = []
        if ours.identity.fingerprint != directory.identity.fingerprint || ours.card.id != premises.settings.agency {
            lines.append(
                .failed(
                    "card", "is of another identity or agency than keys/ and settings",
                    fix: "Restore card.p7s and keys/ of one backup."))
        }
        let here = Set(Role.allCases.flatMap { role in ((try? directory.pairs(role)) ?? []).map(\.certificate.der) })
        if let gone = ours.card.certificates.first(where: { !here.contains($0.der) }) {
            lines.append(.failed("card", "names a \(gone.role.rawValue) key that is not in keys/", fix: Self.restore))
        }
        if ours.card.address != premises.settings.address {
            lines.append(
                .warning(
                    "card", "says \(ours.card.address), the settings say \(premises.settings.address)",
                    fix: "Correct the settings, or issue a new card: waybill card --renew"))
        }
        if !Set(InstallationSetup.versions).isSubset(of: ours.card.versions) {
            lines.append(
                .warning(
                    "card",
                    "is older than this version: partners do not send all that we could read, such as when a "
                        + "file was last modified", fix: Self.renew))
        }
        let days = Words.days(from: now, to: ours.card.validUntil)
        return lines + [
            .countdown("card", days, "serial \(ours.card.serial), until \(ours.card.validUntil.date)", fix: Self.renew)
        ]
    }
}
