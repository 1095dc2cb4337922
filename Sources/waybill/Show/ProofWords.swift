internal import Proofs

/// What a verification found, in the words of `verify.sh`.
enum ProofWords {
    static func show(_ line: ProofReport.Line) {
        let paint: Terminal.Paint? =
            switch line.verdict {
            case .holds: .green
            case .note: .yellow
            case .fails: .red
            case .fact: nil
            }
        Terminal.say(Terminal.paint(line.verdict.rawValue, paint) + Terminal.clean(line.words))
    }

    /// The last line.
    static func conclude(_ report: ProofReport) {
        let paint: Terminal.Paint = report.holds ? (report.verdict.hasPrefix("PROVED") ? .green : .yellow) : .red
        Terminal.say(Terminal.paint(Terminal.clean(report.verdict), paint))
    }
}
