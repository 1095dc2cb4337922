internal import Ledger
internal import Logging
internal import Statements
internal import Transport
internal import Vocabulary

extension Arrivals {
    /// A partner brings its new card: the same identity signed it, so nobody need be asked.
    func take(card: [UInt8], from partner: Partner) async -> Problem? {
        if card == partner.signedCard { return nil }
        guard let takeCard else { return Problem(.malformed, "Cards are not taken here.") }
        guard agency.budget.spend(of: .cards, by: partner.id, at: agency.clock.now()) else {
            return Problem(.busy, "Too many cards in this hour.", retryAfter: 900)
        }
        do {
            try await takeCard(card, partner)
            return nil
        } catch let trouble as LedgerTrouble {
            return problem(of: trouble, nil)
        } catch {
            agency.logRefused("card not taken", partner.id, .warning, ["why": "\(error)"])
            return Problem(.malformed, "The card was not taken: ring us, and compare fingerprints and serials.")
        }
    }
}
