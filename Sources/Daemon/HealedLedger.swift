internal import Exchange
internal import Ledger
internal import LedgerSQLite
internal import Logging
internal import Premises
internal import Settings
internal import Vocabulary

/// Says what the ledger's migration made whole: in the log and in `status` of the first life after it, and for ever as an
/// incident in the ledger.
struct HealedLedger {
    let wiring: Wiring

    /// What is to be said; nil if nothing is.
    func say() async -> HealedTexts? {
        guard let text = try? await wiring.agency.ledger.remembered(HealedTexts.memory),
            let healed = try? HealedTexts(JSON(kept: Array(text.utf8)))
        else { return nil }
        let words = Self.words(healed, ledger: wiring.premises.folders.ledger)
        wiring.log.warning("\(words)")
        wiring.agency.alarms.alarm("ledger-healed", words)
        return healed
    }

    /// To be called when the ledger may be written to.
    func record(_ healed: HealedTexts) async throws {
        var facts = ["healed": healed.json]
        facts["what"] = .string("rows that were cut at U+0000 are whole again")
        try await wiring.agency.ledger.append([
            NewEvent(
                at: wiring.agency.clock.now(), kind: .incident, consignment: nil, partner: nil,
                detail: EventDetail(facts))
        ])
        try await wiring.agency.ledger.remember(HealedTexts.memory, nil)
    }

    static func words(_ healed: HealedTexts, ledger: String) -> String {
        let whose =
            healed.partners.isEmpty ? "" : " about what was exchanged with \(healed.partners.joined(separator: ", "))"
        let dropped =
            healed.attempts == 0
            ? ""
            : " \(healed.attempts) notes on attempts could not be mended and were dropped: the next attempt writes anew."
        return """
            The ledger was healed. Texts with the character U+0000 had been cut in it by the release before, and waybill ledger \
            check called it not sound. They are whole again, as the events say: \(healed.rows) of the rows\(whose), \
            \(healed.duties) of what is owed.\(dropped) Nothing is to be restored. No program writes that character by mistake: ring whoever wrote \
            it. A copy of before lies at \(ledger).before-4. This line goes with the next start.
            """
    }
}
