internal import Envelope
internal import Ledger
internal import Vocabulary

/// Ends what was signed and cannot go: the partner is told that the rest will never come.
struct Withdrawing: Sendable {
    let office: Office

    /// What speaks against it. The event names it, and what becomes of the file follows from that, never from a sentence.
    enum Cause: String {
        case changed
        /// It was signed while our clock was ahead: the file goes under a new id.
        case clock

        /// For the partner and for people.
        var because: String {
            switch self {
            case .changed: "The file changed while it was being sent."
            case .clock: "It was signed while our clock was ahead of the time."
            }
        }
    }

    /// Why a consignment was withdrawn, as its event says; nil if that does not name a cause that we know.
    static func cause(of key: ConsignmentKey, in ledger: any Ledger) async throws -> Cause? {
        guard let event = try await ledger.events(of: key).last(where: { $0.leaf.kind == .withdrawn }),
            let detail = event.detail, case .object(let facts) = try EventDetail(parsing: detail).facts,
            case .string(let word)? = facts[member]
        else { return nil }
        return Cause(rawValue: word)
    }

    private static let member = "cause"

    /// - Parameter record: of what was signed.
    func commit(_ record: ConsignmentRecord, _ digest: Digest, _ parties: Parties, _ cause: Cause) async throws {
        let (now, because) = (office.now(), cause.because)
        let withdrawal = Withdrawal(
            consignment: record.key.id, waybill: digest, parties: parties, because: because, signedAt: now)
        let signed = try office.signer.sign(withdrawal.encoded, at: now)
        var record = record
        (record.state, record.why) = (.withdrawn, because)
        let detail = EventDetail(
            [Self.member: .string(cause.rawValue), "because": .string(because)],
            duties: [SaidStatement.post(signed, Withdrawal.statement, about: record.key, at: now)], statement: signed)
        try await office.ledger.append([Records.event(.withdrawn, record, detail, at: now, carriesRecord: true)])
        await office.post.ring()
    }
}
