internal import Daemon
internal import Envelope
internal import Exchange
internal import Folders
internal import Foundation
internal import Settings
internal import Vocabulary

/// Brings a new card of ours into the world: the installation makes the key, we certify it, the installation takes it.
struct CardIssue {
    private let premises: Premises
    private let identity: IdentityKey
    private let officer: Officer

    init(_ premises: Premises, identityKey: String?) throws {
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

    private func prepare(_ role: Role?) async throws -> (card: OurCard, key: [UInt8]?) {
        var request: [String: JSON] = ["verb": .string("keys-prepare")]
        request["role"] = role.map { .string($0.rawValue) }
        let answer = try await officer.ask(request) { agency, _, now in
            var here = ["card": JSON.string(Data(try await agency.keyOffice().card(at: now)).base64EncodedString())]
            if let role {
                here["key"] = .string(Data(try await agency.keyOffice().prepare(role, at: now)).base64EncodedString())
            }
            return here
        }
        guard let card = Data(base64Encoded: answer.string("card")) else { throw Malformed("answer", "holds no card") }
        let key = answer.members["key"] == nil ? nil : Data(base64Encoded: answer.string("key")).map { [UInt8]($0) }
        return (try OurCard(signed: [UInt8](card)), key)
    }

    private func install(
        _ change: NextCard.Change, after former: OurCard, at now: Instant, isUrgent: Bool = false
    ) async throws -> Issued {
        let card = try identity.sign(change, after: former, premises.settings, at: now)
        var request: [String: JSON] = [
            "card": .string(Data(card).base64EncodedString()), "verb": .string("keys-install"),
        ]
        if isUrgent { request["urgent"] = .string("true") }
        _ = try await officer.ask(request) { agency, account, now in
            let card = try await agency.keyOffice().install(card, isUrgent: isUrgent, by: account, at: now)
            return ["serial": .integer(card.serial)]
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
