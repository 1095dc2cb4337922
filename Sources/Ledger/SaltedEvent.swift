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
    /// 16 random bytes for the row of the record that the event brings; nil if it brings none.
    package let rowSalt: [UInt8]?
    private let leaf: Leaf

    package init(_ event: NewEvent, _ crypto: any LedgerCrypto) {
        self.event = event
        salt = crypto.salt()
        rowSalt = event.record.map { _ in Array(crypto.salt().prefix(16)) }
        detail = event.detail(rowSalt, crypto).bytes
        consignment = event.consignment?.bytes
        leaf = Leaf(
            seq: 0, at: event.at, kind: event.kind, consignment: event.consignment, partner: event.partner,
            commitment: crypto.hmac(key: salt, detail))
    }

    package func leaf(at seq: Int64) -> Leaf { leaf.moved(to: seq) }
}

extension NewEvent {
    /// What is stored: the detail as given, and what becomes of the row.
    fileprivate func detail(_ rowSalt: [UInt8]?, _ crypto: any LedgerCrypto) -> EventDetail {
        guard let record, let rowSalt, case .object(let members) = detail.facts else { return detail }
        let digest = JSON.string(RowDigest.of(record, salt: rowSalt, crypto))
        return EventDetail(members.merging([RowDigest.member: digest]) { $1 }, statement: detail.statement)
    }

    /// The consignment that this event is about; nil if about none, or about one that has no row (an incident).
    package var key: ConsignmentKey? {
        if let record { return record.key }
        guard let direction = kind.direction, let partner, let consignment else { return nil }
        return ConsignmentKey(direction, partner, consignment)
    }
}
