package import Envelope
package import TransportHTTPS
package import Vocabulary

/// Our own keys, as they lie in `keys/`: `ROLE.key` (0600) and `ROLE.pem`, and for keys that were rotated
/// `ROLE-2.key`, `ROLE-3.key` and so on; the one whose certificate lasts longest is used.
package struct KeyCupboard: Sendable {
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

    /// Names without suffix of the pairs of a role, the one to use first.
    package func pairs(_ role: Role) throws -> [(name: String, certificate: Certificate)] {
        let names = FileSystem.names(in: folder).filter { $0.hasPrefix(role.rawValue) && $0.hasSuffix(".pem") }
        var pairs: [(String, Certificate)] = []
        for name in names {
            let certificate = try Certificate(pem: FileSystem.read("\(folder)/\(name)"))
            guard certificate.role == role else { continue }
            pairs.append((String(name.dropLast(4)), certificate))
        }
        return pairs.sorted { $0.1.notAfter > $1.1.notAfter }
    }

    package func signer() throws -> StatementSigner {
        let (name, certificate) = try newest(.signing)
        return try StatementSigner(key: key(name), certificate: certificate)
    }

    package func opener() throws -> Opener {
        Opener(keys: try pairs(.sealing).map { try OpeningKey(key: key($0.name), certificate: $0.certificate) })
    }

    package func ledgerKey() throws -> LedgerKey { try LedgerKey(key: key(newest(.ledger).name)) }

    package func credentials() throws -> TLSCredentials {
        let (name, _) = try newest(.tls)
        _ = try key(name)
        return try TLSCredentials(certificateFile: "\(folder)/\(name).pem", privateKeyFile: "\(folder)/\(name).key")
    }

    package func issuer(of agency: AgencyID) throws -> Issuer {
        try Issuer(agency: agency, key: key("identity"), identity: identity)
    }

    package func identitySigner() throws -> StatementSigner {
        try StatementSigner(identityKey: key("identity"), identity: identity)
    }

    /// Refuses a key that others could read.
    private func key(_ name: String) throws -> PrivateKey {
        do { return try KeyFile.load("\(folder)/\(name).key") } catch {
            throw Trouble(
                "The key \(name).key cannot be used.", why: "\(error)",
                fix: "Its place is \(folder), mode 0600 in 0700.")
        }
    }

    private func newest(_ role: Role) throws -> (name: String, certificate: Certificate) {
        guard let pair = try pairs(role).first else {
            throw Trouble(
                "There is no \(role.rawValue) key.", why: "\(folder) has no \(role.rawValue).pem with that role.",
                fix: "Restore keys/ from your backup.")
        }
        return pair
    }
}
