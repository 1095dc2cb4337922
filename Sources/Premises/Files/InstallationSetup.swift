internal import Envelope
internal import Exchange
internal import Folders
internal import Law
package import Policy
package import Settings
package import Vocabulary

/// `waybill init`: makes an installation with keys, card, settings, catalogue and agreements.
package enum InstallationSetup {
    package struct Founded: Sendable {
        package let configuration: String
        package let fingerprint: Fingerprint
    }

    /// A card of ours is valid for so long; `waybill card --renew` renews it.
    package static let cardDays: Int64 = 400
    /// Statement versions that this software understands, as each card of ours says.
    package static let versions = [
        Card.statement, Waybill.statement, Waybill.datedStatement, Receipt.statement, Refusal.statement,
        Withdrawal.statement,
    ]

    /// - Parameter folder: must be missing or empty.
    package static func found(
        _ folder: String, agency: AgencyID, name: String, listen: HostPort, address: String, contacts: Contacts,
        at now: Instant
    ) throws -> Founded {
        if let doubt = try doubt(about: agency, at: now), doubt.isGroup {
            throw Trouble(
                "\(agency) cannot be an agency.", why: doubt.words,
                fix: "Choose an id of your own, such as one made of the organisation's name.")
        }
        let root = InstalledAgency.absolute(folder)
        guard try FileSystem.names(in: root).isEmpty else {
            throw Trouble(
                "\(root) is not empty.", why: "An installation is made in a folder of its own.",
                fix: "Choose another folder, or look at what is there: waybill check --config \(root)/waybill.yaml")
        }
        try makeFolders(root)
        let keys = try KeyRing.generate(agency: agency, now: now)
        try write(keys, to: "\(root)/keys")
        try writeLaw(root)
        let card = try firstCard(keys, agency: agency, name: name, address: address, at: now)
        try FileSystem.write(card, to: "\(root)/card.p7s", mode: 0o644)
        let text = Installation.template(
            agency: agency, name: name, listen: listen, address: address, contacts: contacts)
        try PlaceList(in: root).found(InstallationFolders(root: root).roots)
        try FileSystem.write(Array(text.utf8), to: "\(root)/waybill.yaml", mode: 0o640)
        return Founded(configuration: "\(root)/waybill.yaml", fingerprint: keys.identity.certificate.fingerprint)
    }

    /// What the shipped law says against an agency of this id.
    package static func doubt(about agency: AgencyID, at now: Instant) throws -> PartnerDoubt? {
        let bytes = Shipped.catalogue
        let catalogue = try CatalogueReader.read(bytes, file: Shipped.catalogueName, sha256: SHA256.digest(bytes)).get()
        return catalogue.doubt(about: agency, on: now.londonDate)
    }

    private static func makeFolders(_ root: String) throws {
        let modes: [(String, UInt32)] = [
            ("", 0o755), ("keys", 0o700), ("work", 0o700), ("partners", 0o750), ("agreements", 0o755),
            ("catalogue", 0o755), ("outbox", 0o755), ("held", 0o755), ("sent", 0o755), ("inbox", 0o755), ("run", 0o750),
        ]
        for (name, mode) in modes { _ = try Folder.make("\(root)/\(name)", mode: mode) }
    }

    private static func write(_ keys: KeyRing, to folder: String) throws {
        let pairs = [
            ("identity", keys.identity), ("signing", keys.signing), ("sealing", keys.sealing), ("tls", keys.tls),
            ("ledger", keys.ledger),
        ]
        for (name, pair) in pairs {
            try FileSystem.write(pair.pem, to: "\(folder)/\(name).key", mode: 0o600)
            try FileSystem.write(Array(pair.certificate.pem.utf8), to: "\(folder)/\(name).pem", mode: 0o644)
        }
    }

    private static func writeLaw(_ root: String) throws {
        try FileSystem.write(Shipped.catalogue, to: "\(root)/catalogue/\(Shipped.catalogueName)", mode: 0o644)
        try FileSystem.write(Shipped.words, to: "\(root)/catalogue/\(Shipped.wordsName)", mode: 0o644)
        for (name, bytes) in Shipped.agreements {
            try FileSystem.write(bytes, to: "\(root)/agreements/\(name)", mode: 0o644)
        }
    }

    private static func firstCard(
        _ keys: KeyRing, agency: AgencyID, name: String, address: String, at now: Instant
    ) throws -> [UInt8] {
        let roles: [(Role, KeyRing.Pair)] = [
            (.signing, keys.signing), (.sealing, keys.sealing), (.tls, keys.tls), (.ledger, keys.ledger),
        ]
        let card = try Card(
            id: agency, name: name, address: address, serial: 1, previous: nil, issuedAt: now,
            validUntil: now.adding(seconds: cardDays * 86_400),
            certificates: roles.map { Card.RoleCertificate(role: $0.0, der: $0.1.certificate.der) }, retired: [],
            versions: versions)
        let signer = try StatementSigner(identityKey: keys.identity.key(), identity: keys.identity.certificate)
        return try signer.sign(card.checked, at: now)
    }
}
