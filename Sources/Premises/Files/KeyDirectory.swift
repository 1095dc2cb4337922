package import Envelope
package import TransportHTTPS
package import Vocabulary

/// Our own keys, as they lie in `keys/`: `ROLE.key` (0600) and `ROLE.pem`, and for keys that were rotated
/// `ROLE-2.key`, `ROLE-3.key` and so on; the newest is used. A retired certificate lies there as `ROLE.retired`; beside
/// it stands its key only where it still opens late arrivals.
package struct KeyDirectory: Sendable {
    package let folder: String
    package let identity: Certificate

    package init(folder: String) throws {
        self.folder = folder
        do {
            identity = try Certificate(pem: FileSystem.read("\(folder)/identity.pem"))
        } catch {
            throw Trouble(
                "Our identity certificate cannot be read.", why: "\(folder)/identity.pem: \(error)",
                fix: "Restore keys/ from your backup, or make an installation: waybill init DIR --agency ID ...")
        }
    }

    package typealias Pair = (name: String, certificate: Certificate)

    /// The pairs of a role, the one to use first.
    package func pairs(_ role: Role) throws -> [Pair] {
        try certificates(role, ".pem").sorted {
            ($0.certificate.notBefore, $0.certificate.notAfter, Self.number($0.name))
                > ($1.certificate.notBefore, $1.certificate.notAfter, Self.number($1.name))
        }
    }

    /// Certificates that were taken out of use, the newest first.
    package func retired(_ role: Role) throws -> [Pair] {
        try certificates(role, ".retired").sorted { Self.number($0.name) > Self.number($1.name) }
    }

    /// Sealing keys that were retired and still open late arrivals.
    package func openingRetired() throws -> [Pair] {
        try retired(.sealing).filter { try FileSystem.isThere("\(folder)/\($0.name).key") }
    }

    private func certificates(_ role: Role, _ suffix: String) throws -> [Pair] {
        try FileSystem.names(in: folder).filter { $0.hasPrefix(role.rawValue) && $0.hasSuffix(suffix) }
            .compactMap { file in
                let certificate = try Certificate(pem: FileSystem.read("\(folder)/\(file)"))
                return certificate.role == role ? (String(file.dropLast(suffix.count)), certificate) : nil
            }
    }

    package func signer() throws -> StatementSigner {
        let (name, certificate) = try newest(.signing)
        return try StatementSigner(key: key(name), certificate: certificate)
    }

    package func opener() throws -> Opener {
        let pairs = try pairs(.sealing) + openingRetired()
        return Opener(keys: try pairs.map { try OpeningKey(key: key($0.name), certificate: $0.certificate) })
    }

    package func ledgerKey() throws -> LedgerKey { try LedgerKey(key: key(newest(.ledger).name)) }

    /// The newest ledger key, and before it the one that partners may still know us by.
    package func ledgerKeys() throws -> [LedgerKey] {
        let pairs = try pairs(.ledger)
        guard !pairs.isEmpty else { throw missing(.ledger) }
        return try pairs.prefix(2).reversed().map { try LedgerKey(key: key($0.name)) }
    }

    /// Of all ledger certificates that we ever had, former ones too: 32 bytes each.
    package func ledgerPublicKeys() throws -> [[UInt8]] {
        try (pairs(.ledger) + retired(.ledger)).compactMap(\.certificate.ed25519PublicKey)
    }

    package func credentials() throws -> TLSCredentials {
        let (name, _) = try newest(.tls)
        _ = try key(name)
        return try TLSCredentials(certificateFile: "\(folder)/\(name).pem", privateKeyFile: "\(folder)/\(name).key")
    }

    /// Refuses a key that others could read.
    func key(_ name: String) throws -> PrivateKey {
        do { return try KeyFile.load("\(folder)/\(name).key") } catch {
            throw Trouble(
                "The key \(name).key cannot be used.", why: "\(error)",
                fix: "Its place is \(folder), mode 0600 in 0700.")
        }
    }

    private func newest(_ role: Role) throws -> (name: String, certificate: Certificate) {
        guard let pair = try pairs(role).first else { throw missing(role) }
        return pair
    }

    private func missing(_ role: Role) -> Trouble {
        Trouble(
            "There is no \(role.rawValue) key.", why: "\(folder) has no \(role.rawValue).pem with that role.",
            fix: "Restore keys/ from your backup.")
    }
}
