package import Ledger
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

    /// When something existed at the latest, by the word of somebody other than the prover.
    package struct Proven: Hashable, Sendable {
        package enum Witness: Hashable, Sendable {
            /// An RFC 3161 token.
            case authority
            /// The countersignature of the other agency.
            case counterparty
        }

        package let at: Instant
        package let by: Witness
    }

    package internal(set) var lines: [Line] = []
    /// Nil if the cards do not hold.
    package internal(set) var sender: Agency?
    package internal(set) var recipient: Agency?
    package internal(set) var waybill: Waybill?
    package internal(set) var receipt: Receipt?
    package internal(set) var refusal: Refusal?
    /// Which way it went, seen from whoever made the proof.
    package internal(set) var side: Direction?
    /// When the counterparty countersigned the head that the statements stand in.
    package internal(set) var countersigned: Instant?
    /// When a time authority stamped such a head.
    package internal(set) var stamped: Instant?
    /// Whether the certificates of that authority were known beforehand.
    package internal(set) var isAuthorityPinned = false
    /// T of the answer; nil: all times are claimed.
    package internal(set) var time: Proven?
    /// Details that are erased by now: entries stand there with their leaf alone.
    package internal(set) var erased = 0

    package var failure: Line? { lines.last { $0.verdict == .fails } }
    /// Whether all holds, if the two identities are who they say.
    package var holds: Bool { failure == nil }
    package var prover: Agency? { side == .received ? recipient : sender }
    package var counterparty: Agency? { side == .received ? sender : recipient }
    /// Whether both identities are those that were expected. Without it a proof shows only that two keys agree.
    package var isPinned: Bool { sender?.isPinned == true && recipient?.isPinned == true }

    mutating func add(_ verdict: Verdict, _ what: String, _ text: String) {
        lines.append(Line(verdict: verdict, what: what, text: text))
    }
}
