internal import Vocabulary

/// An event with its commitment, ready for whatever place in the ledger it gets.
///
/// All that costs time and needs no place is done here, before the queue.
package struct SaltedEvent: Sendable {
    package let event: NewEvent
    /// 32 random bytes, so that nobody can guess an erased detail from its commitment.
    package let salt: [UInt8]
    package let detail: [UInt8]
    /// The consignment's sixteen bytes.
    package let consignment: [UInt8]?
    private let leaf: Leaf

    package init(_ event: NewEvent, _ crypto: any LedgerCrypto) {
        self.event = event
        salt = crypto.salt()
        detail = event.detail.bytes
        consignment = event.consignment?.bytes
        leaf = Leaf(
            seq: 0, at: event.at, kind: event.kind, consignment: event.consignment, partner: event.partner,
            commitment: crypto.hmac(key: salt, detail))
    }

    package func leaf(at seq: Int64) -> Leaf { leaf.moved(to: seq) }
}

extension NewEvent {
    /// The consignment that this event is about; nil if about none, or about one that has no row (an incident).
    package var key: ConsignmentKey? {
        if let record { return record.key }
        guard let direction = kind.direction, let partner, let consignment else { return nil }
        return ConsignmentKey(direction, partner, consignment)
    }
}
