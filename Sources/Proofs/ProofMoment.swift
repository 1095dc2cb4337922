internal import Envelope
internal import Vocabulary

/// A statement's own date against what others saw, its key's retirement and its certificate's end.
///
///     signed .... countersigned or stamped .... retired      holds: it was seen while the key was good
///     signed .... retired .... seen, or never                fails: whoever has the key can write any date
///
/// Others are the other agency, with a key that it has not retired, and a time authority that the reader named.
struct ProofMoment {
    /// Clocks of two agencies may differ by this much.
    private static let tolerance: Int64 = 120

    private let signed: VerifiedContent
    private let author: ProofHistory
    private let partner: AgencyID
    private let times: [ProofReport.Proven]

    /// - Parameters:
    ///   - partner: whose countersignature it would be.
    ///   - times: who else saw it, the best first.
    init(_ signed: VerifiedContent, by author: ProofHistory, _ partner: AgencyID, _ times: [ProofReport.Proven]) {
        (self.signed, self.author, self.partner, self.times) = (signed, author, partner, times)
    }

    func notes() throws(ProofFault) -> [String] {
        [try retirement(), ended, late].compactMap { $0 }
    }

    private func retirement() throws(ProofFault) -> String? {
        guard let retired = author.retirement(of: signed.signer) else { return nil }
        guard let seen = times.map(\.at).min(), seen.seconds < retired.seconds else {
            throw ProofFault(
                signed.file,
                "the key that signed it was retired at \(retired), and neither \(partner) nor an authority named by "
                    + "--authority saw it before")
        }
        return "the key that signed it was retired at \(retired); it was seen before, \(ProofMoment.within(seen))."
    }

    private var ended: String? {
        let certificates = [signed.signer, author.day.identity]
        guard let seen = times.first?.at, !certificates.allSatisfy({ $0.isValid(at: seen) }) else { return nil }
        return "its certificate was not valid at \(Self.second(seen)), when it was seen; its own date is before."
    }

    private var late: String? {
        guard let seen = times.first?.at, signed.signingTime.seconds > seen.seconds else { return nil }
        let difference = signed.signingTime.seconds - seen.seconds
        let why = difference > Self.tolerance ? "a clock was wrong" : "two clocks differ"
        return
            "its own date is later, by \(difference) s, than the second \(Self.second(seen)) in which it was seen: \(why)."
    }

    /// `2026-05-03T08:30:02Z`: countersignatures and tokens carry whole seconds, and nothing is said that they do not say.
    static func second(_ instant: Instant) -> String { "\(Instant(seconds: instant.seconds).description.dropLast(5))Z" }
    static func within(_ instant: Instant) -> String { "within the second \(second(instant))" }
}
