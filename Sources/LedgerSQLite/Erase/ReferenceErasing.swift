package import Ledger
package import Vocabulary

extension Erasure.OfReference {
    /// Two events: the agency's, which names the leaves, and the consignment's, which tells its row. Both name nobody.
    func events(_ erased: Erased, _ record: ConsignmentRecord, at now: Instant) -> [NewEvent] {
        let facts: [String: JSON] = [
            "because": .string(because), "by": .string(by), "selector": .string(Erasure.Selector.reference.rawValue),
        ]
        let leaves: [String: JSON] = [
            "consignments": .integer(1), "details": .integer(Int64(erased.details)), "leaves": erased.leaves.json,
        ]
        let kept = reviewBy.map { ["reviewBy": JSON.string("\($0)")] } ?? [:]
        return [
            NewEvent(
                at: now, kind: .erased, consignment: nil, partner: nil,
                detail: EventDetail(facts.merging(leaves) { $1 })),
            NewEvent(
                at: now, kind: .erased, consignment: key.id, partner: key.partner,
                detail: EventDetail(facts.merging(kept) { $1 }),
                record: record),
        ]
    }
}

extension SQLiteLedger {
    /// Takes a reference out and says so, in one commit. Returns the event's number. Throws `LedgerTrouble.refused` if it may
    /// not be done now. `scrub` follows.
    package func erase(_ wish: Erasure.OfReference, at now: Instant) async throws -> Int64 {
        let crypto = crypto
        let job = LedgerJob.eraseReference(wish, at: now) { erased, record in
            wish.events(erased, record, at: now).map { SaltedEvent($0, crypto) }
        }
        return try await submit(job).first ?? 0
    }
}
