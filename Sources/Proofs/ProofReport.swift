package import Ledger
package import Vocabulary

/// What a verification found, in the order in which it was checked and in the words in which `verify.sh` says it. It ends
/// with the first thing that does not hold.
package struct ProofReport: Sendable {
    package enum Verdict: String, Sendable {
        case holds = "OK    "
        case note = "NOTE  "
        case fails = "FAIL  "
        /// What a person compares: ids, names, fingerprints, entries.
        case fact = "      "
    }

    package struct Line: Sendable {
        package let verdict: Verdict
        /// A file of the proof, or what was compared with it; empty for a fact.
        package let what: String
        /// One sentence for a person.
        package let text: String

        package var words: String { what.isEmpty ? text : "\(what): \(text)" }
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
            /// An RFC 3161 token of an authority that the reader named.
            case authority
            /// The countersignature of the other agency.
            case counterparty
        }

        /// To the second: countersignatures and tokens tell no more.
        package let at: Instant
        package let by: Witness
    }

    /// What was signed, or is known to have been said, after the answer.
    package struct Since: Hashable, Sendable {
        /// `recalled`, `misdirected`, ...
        package let word: String
        /// Who signed it, when and why; nil if it is not shown.
        package let text: String?
        /// Nothing but the prover's word stands for it, such as under a key that was retired.
        package let isClaimed: Bool
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
    /// When the counterparty countersigned the head that the statements stand in; to the second.
    package internal(set) var countersigned: Instant?
    /// When an authority stamped such a head, be it one that the reader named or not; to the second.
    package internal(set) var stamped: Instant?
    /// A token is there whose authority the reader did not name: it counts for nothing.
    package internal(set) var hasUnnamedAuthority = false
    /// T of the answer; nil: the prover alone says that it is so old.
    package internal(set) var time: Proven?
    package internal(set) var since: [Since] = []
    /// The counterparty's newest card here, if the reader has none from the agency itself: that it has retired no key since
    /// is the prover's claim.
    package internal(set) var newestCard: Int64?
    /// Entries that stand there with their leaf alone.
    package internal(set) var notShown = 0
    /// Of a set, which has a verdict of its own.
    var verdictOfSet: String?

    package var failure: Line? { lines.last { $0.verdict == .fails } }
    /// Whether all holds, if the two identities are who they say.
    package var holds: Bool { failure == nil }
    package var prover: Agency? { side == .received ? recipient : sender }
    package var counterparty: Agency? { side == .received ? sender : recipient }
    /// Whether both identities are those that were expected. Without it a proof shows only that two keys agree.
    package var isPinned: Bool { sender?.isPinned == true && recipient?.isPinned == true }
    /// Whether somebody other than the prover saw it: the other agency, or a time authority that the reader named.
    package var isProved: Bool { holds && time != nil }

    mutating func add(_ verdict: Verdict, _ what: String, _ text: String) {
        lines.append(Line(verdict: verdict, what: what, text: text))
    }

    mutating func tell(_ fact: String) { add(.fact, "", fact) }
}

extension ProofReport {
    /// `2026-05-03T08:30:02Z`: as exact as a countersignature or a token is.
    package static func second(_ instant: Instant) -> String { ProofMoment.second(instant) }

    /// What only the prover says is called so.
    static let claimed = "claimed by the prover; the signatures hold"

    /// The last line of a verification.
    package var verdict: String {
        if let failure { return Verdict.fails.rawValue + failure.words }
        if let verdictOfSet { return verdictOfSet }
        guard let sender, let recipient else { return "" }
        let deed =
            receipt == nil
            ? "sent this waybill to \(recipient.id), and \(recipient.id) signed that it refused it"
            : "sent this file to \(recipient.id), and \(recipient.id) signed that it holds it"
        let condition = isPinned ? "" : ", if those fingerprints are theirs"
        let start = "\(isProved ? "PROVED" : Self.claimed)\(condition): \(sender.id) \(deed)."
        let all = since.map { $0.word + ($0.isClaimed ? " (claimed)" : "") }.joined(separator: ", ")
        let keys = newestCard.map {
            ", and that \(counterparty?.id.text ?? "") has retired no key since its card \($0),"
        }
        let ending =
            " Since then: \(all.isEmpty ? "nothing" : all); that this is all\(keys ?? "") is claimed by the prover."
        let authority = " The time authority was not named by --authority and counts for nothing."
        return start + ending + (hasUnnamedAuthority ? authority : "")
    }
}
