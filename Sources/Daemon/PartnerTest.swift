internal import Exchange
internal import Statements
internal import Transport
internal import Vocabulary

/// `waybill partner test`: does the real thing, a handshake and a card, not a TCP connect.
struct PartnerTest: Sendable {
    let wiring: Wiring
    let partner: Partner

    func run() async throws -> [String: JSON] {
        let courier = try wiring.couriers.another(to: partner)
        let answer: Result<[UInt8], TryLater>
        do throws(TryLater) { answer = .success(try await courier.fetchCard()) } catch { answer = .failure(error) }
        await courier.shutdown()
        switch answer {
        case .failure(let trouble): return ["reached": .bool(false), "why": .string(trouble.explanation)]
        case .success(let bytes): return try judge(bytes)
        }
    }

    private func judge(_ bytes: [UInt8]) throws -> [String: JSON] {
        let fetched = try CardReader.verify(bytes, pinned: partner.fingerprint, at: wiring.agency.clock.now())
        let note =
            fetched.card.serial > partner.card.serial
            ? "They have a newer card (serial \(fetched.card.serial)): ask for that file and add it."
            : "Their card is the one we have (serial \(partner.card.serial))."
        return ["reached": .bool(true), "why": .string(note)]
    }
}
