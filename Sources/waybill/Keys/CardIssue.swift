internal import Envelope
internal import Exchange
internal import Folders
internal import Foundation
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

/// Brings a new card of ours into the world: the installation makes the key, we certify it, the installation takes it.
struct CardIssue {
    private let premises: InstalledAgency
    private let identity: IdentityKey
    private let officer: Officer

    init(_ premises: InstalledAgency, identityKey: String?) throws {
        self.premises = premises
        identity = try IdentityKey(premises, file: identityKey)
        officer = Officer(premises)
    }

    struct Issued {
        let serial: Int64
        let certificate: Certificate?
    }

    /// A new key for a role, beside the old.
    func rotate(_ role: Role) async throws -> Issued {
        let (former, key) = try await prepare(role)
        guard let key else { throw Malformed("answer", "holds no key") }
        let now = WallClock.now()
        let certificate = try identity.certify(PublicKey(spki: key), as: role, at: now)
        return try await install(NextCard.Change(adding: certificate), after: former, at: now)
    }

    /// The same keys, new dates, name and address as the settings have them.
    func renew() async throws -> Issued {
        try await install(NextCard.Change(), after: try await prepare(nil).card, at: WallClock.now())
    }

    /// - Parameter fingerprint: the whole of it, or its beginning, at least 8 digits.
    func retire(_ role: Role, _ fingerprint: String, because: String, isUrgent: Bool) async throws -> Issued {
        let former = try await prepare(nil).card
        let now = WallClock.now()
        let certificate = try Self.find(role, fingerprint, on: former.card)
        let retired = Card.Retired(fingerprint: certificate.fingerprint, role: role, at: now, reason: because)
        try Self.requireAnother(role, than: certificate, on: former.card, at: now)
        return try await install(NextCard.Change(retiring: retired), after: former, at: now, isUrgent: isUrgent)
    }

    // MARK: - The installation's part

    private func prepare(_ role: Role?) async throws -> (card: SignedCard, key: [UInt8]?) {
        let answer = try await officer.ask(.prepareKey(role: role)) { agency, _, now in
            try await agency.keyRotation().prepared(role, at: now)
        }
        guard let card = Self.bytes(answer["card"]) else { throw Malformed("answer", "holds no card") }
        return (try SignedCard(card), Self.bytes(answer["key"]))
    }

    private static func bytes(_ member: JSON?) -> [UInt8]? {
        member?.string.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
    }

    private func install(
        _ change: NextCard.Change, after former: SignedCard, at now: Instant, isUrgent: Bool = false
    ) async throws -> Issued {
        let card = try identity.sign(change, after: former, premises.settings, at: now)
        let request = ControlRequest.installCard(card: Data(card), urgent: isUrgent)
        _ = try await officer.ask(request) { agency, account, now in
            _ = try await agency.keyRotation().install(card, isUrgent: isUrgent, by: account, at: now)
            return [:]
        }
        return Issued(serial: former.card.serial + 1, certificate: change.adding)
    }

    // MARK: - Which key is meant

    static func find(_ role: Role, _ typed: String, on card: Card) throws -> Certificate {
        let digits = typed.lowercased().filter { $0.isHexDigit }
        let found = card.certificates.filter { $0.role == role }.compactMap { try? Certificate(der: $0.der) }
            .filter { digits.count >= 8 && $0.fingerprint.hex.hasPrefix(digits) }
        guard let certificate = found.first, found.count == 1 else {
            throw Trouble(
                "No one \(role.rawValue) key of ours is meant by that.",
                why: "\(found.count) certificates on our card fit.",
                fix: "See waybill keys list; type at least 8 digits of the fingerprint.")
        }
        return certificate
    }

    static func requireAnother(_ role: Role, than certificate: Certificate, on card: Card, at now: Instant) throws {
        let others = card.certificates.filter { $0.role == role && $0.der != certificate.der }
            .compactMap { try? Certificate(der: $0.der) }.filter { $0.isValid(at: now) }
        guard others.isEmpty else { return }
        throw Trouble(
            "This is the only usable \(role.rawValue) key.",
            why: "Without it partners could not exchange files with us.",
            fix: "First make another: waybill keys rotate \(role.rawValue)")
    }
}
