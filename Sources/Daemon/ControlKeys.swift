internal import Envelope
internal import Exchange
internal import Foundation
package import Vocabulary

// Keys and partners over the control socket.

extension CardRounds {
    init(_ wiring: Wiring) {
        let (path, office) = (wiring.premises.cardPath, wiring.office)
        self.init(
            office: office, sending: wiring.sending, ours: { (try? FileSystem.read(path)) ?? [] },
            take: wiring.takeCard)
    }
}

extension KeyOffice {
    /// A new key of this role (SubjectPublicKeyInfo), if one is wished, and our newest card.
    package func prepared(_ role: Role?, at now: Instant) async throws -> [String: JSON] {
        var answer: [String: JSON] = [:]
        if let role { answer["key"] = .string(Data(try await prepare(role, at: now)).base64EncodedString()) }
        answer["card"] = .string(Data(try await card(at: now)).base64EncodedString())
        return answer
    }
}
