internal import Envelope
internal import Folders
internal import Vocabulary

// How the files of keys/ change. Every step can be repeated, and between any two of them the agency works.

extension KeyDirectory {
    /// `signing` is 1, `signing-7` is 7.
    static func number(_ name: String) -> Int {
        name.split(separator: "-").dropFirst().first.flatMap { Int($0) } ?? 1
    }

    /// A key of this role that has no certificate yet: what an interrupted rotation left, or a new one.
    /// Returns SubjectPublicKeyInfo, DER.
    func prepared(_ role: Role) throws -> [UInt8] {
        if let left = try uncertified(role).first { return try key(left).publicKey.spki }
        let numbers = try FileSystem.names(in: folder).compactMap { file -> Int? in
            let name = file.prefix { $0 != "." }
            return name == role.rawValue || name.hasPrefix("\(role.rawValue)-") ? Self.number(String(name)) : nil
        }
        let made = try PrivateKey.generate(role == .ledger ? .ed25519 : .p256)
        let name = "\(role.rawValue)-\((numbers.max() ?? 0) + 1)"
        try FileSystem.write(made.pem(), to: "\(folder)/\(name).key", mode: 0o600, clash: .noReplace)
        return made.publicKey.spki
    }

    private func uncertified(_ role: Role) throws -> [String] {
        let names = try FileSystem.names(in: folder)
        return names.filter { $0.hasPrefix("\(role.rawValue)-") && $0.hasSuffix(".key") }
            .map { String($0.dropLast(4)) }
            .filter { !names.contains("\($0).pem") && !names.contains("\($0).retired") }
    }

    /// Writes `ROLE-N.pem` for each certificate of our card whose key waits for it. False if the key of one is not here.
    func adopt(_ card: Card) throws -> Bool {
        var isComplete = true
        for listed in card.certificates {
            let known = try pairs(listed.role).contains { $0.certificate.der == listed.der }
            if known { continue }
            let certificate = try Certificate(der: listed.der)
            let name = try uncertified(listed.role).first { try key($0).fingerprint == certificate.fingerprint }
            guard let name else {
                isComplete = false
                continue
            }
            try FileSystem.write(Array(certificate.pem.utf8), to: "\(folder)/\(name).pem", mode: 0o644)
        }
        return isComplete
    }

    /// Takes what the card retires out of use. Only sealing keys stay, until `destroyRetired`.
    func retire(_ card: Card) throws {
        let retired = Set(card.retired.map(\.fingerprint))
        let place = try Folder(folder)
        for role in Role.allCases {
            for pair in try pairs(role) where retired.contains(pair.certificate.fingerprint) {
                if role != .sealing { try destroy(pair.name, in: place) }
                try place.rename(
                    file("\(pair.name).pem"), to: place, as: file("\(pair.name).retired"), .replace)
                try place.sync()
            }
        }
    }

    /// Destroys the private keys of sealing certificates that were retired before `oldest`. Returns how many.
    func destroyRetired(_ card: Card, before oldest: Instant) throws -> Int {
        let due = Set(card.retired.filter { $0.role == .sealing && $0.at < oldest }.map(\.fingerprint))
        let pairs = try openingRetired().filter { due.contains($0.certificate.fingerprint) }
        let place = try Folder(folder)
        for pair in pairs { try destroy(pair.name, in: place) }
        return pairs.count
    }

    private func destroy(_ name: String, in place: Folder) throws {
        try Shredder.destroy(file("\(name).key"), in: place)
    }

    private func file(_ text: String) throws -> FileName {
        guard let name = FileName(text) else { throw FileTrouble("name a key", errno: 22) }
        return name
    }
}
