package import Vocabulary

/// What a verification found, in the order in which it was checked. It ends with the first thing that does not hold.
package struct ProofReport: Sendable {
    package enum Verdict: String, Sendable {
        case holds, note, fails
    }

    package struct Line: Sendable {
        package let verdict: Verdict
        /// A file of the proof, or what was compared with it.
        package let what: String
        /// One sentence for a person.
        package let text: String
    }

    /// One of the two agencies, as its card says, and whether somebody who checks knew its fingerprint beforehand.
    package struct Agency: Sendable {
        package let id: AgencyID
        package let name: String
        package let identity: Fingerprint
        package let isPinned: Bool
    }

    package internal(set) var lines: [Line] = []
    /// Nil if the cards do not hold.
    package internal(set) var sender: Agency?
    package internal(set) var recipient: Agency?
    package internal(set) var waybill: Waybill?
    package internal(set) var receipt: Receipt?
    package internal(set) var refusal: Refusal?

    package var failure: Line? { lines.last { $0.verdict == .fails } }
    /// Whether all holds, if the two identities are who they say.
    package var holds: Bool { failure == nil }
    /// Whether both identities are those that were expected. Without it a proof shows only that two keys agree.
    package var isPinned: Bool { sender?.isPinned == true && recipient?.isPinned == true }

    mutating func add(_ verdict: Verdict, _ what: String, _ text: String) {
        lines.append(Line(verdict: verdict, what: what, text: text))
    }
}
