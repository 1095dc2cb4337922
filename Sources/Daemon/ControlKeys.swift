internal import Envelope
internal import Exchange
internal import Foundation
internal import Vocabulary

// Keys and partners over the control socket.

extension CardRounds {
    init(_ wiring: Wiring) {
        let (path, agency) = (wiring.premises.cardPath, wiring.agency)
        self.init(
            agency: agency, sending: wiring.sending, ours: { (try? FileSystem.read(path)) ?? [] },
            take: wiring.takeCard)
    }
}

extension ControlDesk {
    /// `{"verb":"keys-prepare","role":"signing"}` makes a key and answers it (SubjectPublicKeyInfo) with our newest card;
    /// without a role the card alone. Nothing is in use yet.
    static func prepare(_ m: inout JSONMembers, _ keys: KeyOffice, at now: Instant) async throws -> [String: JSON] {
        let named = try m.optionalString("role")
        guard let named else { return try await card(keys, nil, at: now) }
        guard let role = Role(rawValue: named) else {
            throw Malformed("role", "must be signing, sealing, tls or ledger")
        }
        return try await card(keys, role, at: now)
    }

    private static func card(_ keys: KeyOffice, _ role: Role?, at now: Instant) async throws -> [String: JSON] {
        var answer: [String: JSON] = [:]
        if let role { answer["key"] = .string(Data(try await keys.prepare(role, at: now)).base64EncodedString()) }
        answer["card"] = .string(Data(try await keys.card(at: now)).base64EncodedString())
        return answer
    }

    /// `{"verb":"keys-install","card":"..."}`: takes the card that the identity key signed into use.
    static func install(
        _ m: inout JSONMembers, _ keys: KeyOffice, by account: String, at now: Instant
    ) async throws -> [String: JSON] {
        guard let card = Data(base64Encoded: try m.string("card")), card.count <= CardDesk.greatestSize else {
            throw Malformed("card", "must be base64 of at most 256 KiB")
        }
        let isUrgent = try m.optionalString("urgent") == "true"
        let installed = try await keys.install([UInt8](card), isUrgent: isUrgent, by: account, at: now)
        return ["serial": .integer(installed.serial)]
    }
}
