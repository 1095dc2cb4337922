internal import Envelope
internal import Vocabulary

/// A statement's own date against what others saw, its key's retirement and its certificate's end.
///
///     signed .... countersigned or stamped .... retired      holds: it was seen while the key was good
///     signed .... retired .... seen, or never                holds by its own date only, and that is said
///     retired ... signed                                     fails, unless it was seen before
struct ProofMoment {
    /// Clocks of two agencies may differ by this much without a word.
    private static let tolerance: Int64 = 120

    private let signed: VerifiedContent
    private let author: ProofHistory
    private let times: [ProofReport.Proven]

    /// - Parameter times: who else saw it, the best first.
    init(_ signed: VerifiedContent, by author: ProofHistory, _ times: [ProofReport.Proven]) {
        (self.signed, self.author, self.times) = (signed, author, times)
    }

    func notes() throws(ProofFault) -> [String] {
        [try retirement(), ended, late].compactMap { $0 }
    }

    private func retirement() throws(ProofFault) -> String? {
        guard let retired = author.retirement(of: signed.signer) else { return nil }
        if let seen = times.map(\.at).min(), seen.seconds < retired.seconds {
            return "the key that signed it was retired at \(retired); it was seen before, by \(seen)"
        }
        guard signed.signingTime.seconds < retired.seconds else {
            throw ProofFault(signed.file, "the key that signed it was retired at \(retired)")
        }
        return "the key that signed it was retired at \(retired), and only its own date puts it before that"
    }

    private var ended: String? {
        let certificates = [signed.signer, author.day.identity]
        guard let seen = times.first?.at, !certificates.allSatisfy({ $0.isValid(at: seen) }) else { return nil }
        return "its certificate was not valid at \(seen), when it was seen; its own date is before"
    }

    private var late: String? {
        guard let seen = times.first?.at, signed.signingTime.seconds > seen.seconds + Self.tolerance else { return nil }
        return "its own date is later than \(seen), when it was seen: a clock was wrong"
    }
}
