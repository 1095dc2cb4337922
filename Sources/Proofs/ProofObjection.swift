package import Ledger
internal import Policy
package import Vocabulary

/// Why there is no proof of a delivery. Its words stand in the list of a set; what to do about it is the caller's.
package struct ProofObjection: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// Retention took the details, and the signed statements with them.
        case erased(CalendarDate)
        /// A person's reference was taken out of the record, and it stood in the signed waybill.
        case referenceErased(CalendarDate)
        /// Whoever refused does not keep the waybill that it refused.
        case refusedByUs
        /// Nobody has signed for it.
        case unanswered(ConsignmentState)
    }

    package let key: ConsignmentKey
    package let reason: Reason

    private init(_ key: ConsignmentKey, _ reason: Reason) { (self.key, self.reason) = (key, reason) }

    /// Nil if a proof may be made, as far as the record alone tells.
    package init?(_ record: ConsignmentRecord) {
        if let erased = record.erasedAt {
            self.init(record.key, .erased(erased.londonDate))
        } else if record.key.direction == .received, record.state == .refused {
            self.init(record.key, .refusedByUs)
        } else if record.receiptSHA256 == nil, record.state != .refused {
            // What was recalled afterwards was delivered all the same.
            self.init(record.key, .unanswered(record.state))
        } else {
            return nil
        }
    }

    /// What was signed goes with the reference of a person that is taken out of a record.
    init?(_ key: ConsignmentKey, _ events: [StoredEvent]) {
        let isGone = events.contains { $0.detail == nil && EventKind.waybills.contains($0.leaf.kind) }
        guard isGone, let taken = events.last(where: { $0.leaf.kind == .erased }) else { return nil }
        self.init(key, .referenceErased(taken.leaf.at.londonDate))
    }

    package var what: String {
        switch reason {
        case .erased(let day): "The details of \(key.id) were erased on \(day)."
        case .referenceErased(let day): "The signed waybill of \(key.id) was erased on \(day)."
        case .refusedByUs: "We refused \(key.id) and have no proof of it."
        case .unanswered: "There is nothing to prove yet."
        }
    }

    package var why: String {
        switch reason {
        case .erased: "A proof shows the signed statements, and they went with the details."
        case .referenceErased:
            "A person's reference was taken out of this record, and it stood in what was signed."
        case .refusedByUs: "Only its sender keeps the waybill and our refusal."
        case .unanswered(let state): "\(key.id) is \(state.rawValue): nobody has signed for it."
        }
    }
}
