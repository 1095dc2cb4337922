internal import Envelope
internal import Ledger
internal import Vocabulary

/// Ends what was signed and cannot go: the partner is told that the rest will never come.
struct Withdrawing: Sendable {
    let office: Office

    static let changed = "The file changed while it was being sent."
    static let clock = "It was signed while our clock was ahead of the time."

    /// - Parameter record: of what was signed.
    func commit(_ record: ConsignmentRecord, _ digest: Digest, _ parties: Parties, because: String) async throws {
        let now = office.now()
        let withdrawal = Withdrawal(
            consignment: record.key.id, waybill: digest, parties: parties, because: because, signedAt: now)
        let signed = try office.signer.sign(withdrawal.encoded, at: now)
        var record = record
        (record.state, record.why) = (.withdrawn, because)
        let detail = EventDetail(
            ["because": .string(because)],
            duties: [SaidStatement.post(signed, Withdrawal.statement, about: record.key, at: now)], statement: signed)
        try await office.ledger.append([Records.event(.withdrawn, record, detail, at: now, carriesRecord: true)])
        await office.post.ring()
    }
}
