internal import Vocabulary

// What was signed and shall not go any more.

extension Hold {
    /// Off its way, whatever the partner has of it already.
    func halt(_ waybill: SignedWaybill, _ finding: Finding) async throws -> Ending {
        try await commit(Outcomes(agency).held(Records.signed(waybill), [finding]), [finding])
    }

    /// A partner refuses what a retired key of ours signed, and what one signed that ended long ago, and is right to.
    static let outlivedSigner = Finding(
        rule: "retired-key", citation: "UK GDPR Art 32(1)(b)",
        found: "It was signed with a key of ours that has been retired since, or ended, before the partner had it.",
        fix: "Take the file out of held/ and drop it into the outbox anew: it is signed with the present key then.")
}
