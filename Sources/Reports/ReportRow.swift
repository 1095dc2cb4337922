package import Ledger
internal import Policy
package import Vocabulary

/// What is known of one consignment, gathered by the caller: a record of the ledger, its signed waybill, the facts of its
/// events and its duties.
package struct ReportRow: Sendable {
    package let record: ConsignmentRecord
    /// The waybill's; of what was never signed, the label that was judged. Nil once erased.
    package var label: Label?
    package var waybill: Waybill?
    package var decision: DecisionFacts
    package var duties: [Duty] = []
    /// Consignments that take the place of this one, from `LedgerFilter.supersedes`.
    package var supersededBy: [ConsignmentID] = []
    /// What was said of it after its receipt, by either side, oldest first.
    package var later: [LaterStatement] = []

    package init(
        record: ConsignmentRecord, label: Label? = nil, waybill: Waybill? = nil, decision: DecisionFacts
    ) {
        self.record = record
        self.label = label ?? waybill?.label
        self.waybill = waybill
        self.decision = decision
    }

    /// The day in England on which it was decided or first seen: law is read as of it.
    var day: CalendarDate? { (decision.at ?? record.claimedAt ?? record.sentAt ?? record.deliveredAt)?.londonDate }
    var sent: Bool { record.key.direction == .sent }
    var categories: [String] { label?.categories ?? record.categories }
    var purpose: String { label?.purpose ?? record.purpose }
    var incidents: [Duty] { duties.filter { $0.kind == .incident } }
}

/// Who decided what about a consignment, and why.
package struct DecisionFacts: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Let go, by the route or by a person.
        case released
        /// Waits for a person.
        case held, blocked
        /// A person decided not to share.
        case rejected
        /// Decided to share, then asked back.
        case recalled
        /// Theirs, not ours to decide.
        case received
    }

    package var outcome: Outcome
    /// `route` or `person:<account>`.
    package var by: String
    package var at: Instant?
    /// A person's words.
    package var because: String?
    /// What held or blocked it, also where a person released it afterwards.
    package var findings: [Finding] = []
    package var warnings: [Finding] = []
    /// The answer to Children Act 2004 s.16LA(3), for what was rejected: would sharing do the child more harm than not
    /// sharing?
    package var detriment: String?
    package var inspection: Inspected?
    /// Where each field of the label came from: `route`, `side-car` or a person. What is missing is the route's.
    package var origins: [String: String] = [:]

    package init(_ outcome: Outcome, by: String, at: Instant? = nil, because: String? = nil) {
        self.outcome = outcome
        self.by = by
        self.at = at
        self.because = because
    }

    /// It was let go and not taken back before it left, or was received.
    func isShare(_ row: ReportRow) -> Bool {
        switch outcome {
        case .released, .received: true
        case .recalled: row.record.sentAt != nil
        case .held, .blocked, .rejected: false
        }
    }

    /// It was held, and a person let it go.
    var isOverride: Bool { [.released, .recalled].contains(outcome) && by.hasPrefix("person:") && !findings.isEmpty }

    /// What the content check suggested, beside what the label says.
    package struct Inspected: Hashable, Sendable {
        /// False where it was not read, or only in part.
        package var complete: Bool
        package var suggested: [String]

        package init(complete: Bool, suggested: [String]) {
            self.complete = complete
            self.suggested = suggested
        }
    }
}
