internal import Exchange
internal import Folders
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

/// Whether this machine's clock agrees with what our ledger and our card say. Asked before certificates and cards: by a
/// wrong clock their dates mean nothing.
struct ClockChecks {
    private let verdict: ClockJudge.Verdict
    private let now: Instant

    init(_ premises: InstalledAgency, at now: Instant) async {
        self.now = now
        guard FileSystem.exists(premises.folders.ledger), let reader = try? LedgerAtHand(premises).reader,
            var judge = try? await ClockEvidence.judge(reader, premises, boot: 0)
        else {
            // Without a ledger there is our card.
            let issued = (try? SignedCard(ours: premises))?.card.issuedAt
            let others = issued.map { [ClockJudge.Mark("the date of our card", $0)] } ?? []
            var judge = ClockJudge(memory: nil, entry: nil, token: nil, others: others, boot: 0)
            verdict = judge.look(wall: now, boot: 0)
            return
        }
        verdict = judge.look(wall: now, boot: 0)
    }

    var line: CheckLine {
        let found = ClockWords.alarm(verdict, now: now) ?? ""
        let fix = "Set it by a time server: timedatectl, chronyc tracking."
        return switch verdict {
        case .sound: .ok("clock", "\(now) agrees with our ledger and our card")
        case .unknown: .warning("clock", found, fix: fix)
        case .ahead, .behind: .failed("clock", found, fix: fix)
        }
    }

    /// The same lines; what is wrong in them is the clock's fault first.
    func first(_ lines: [CheckLine]) -> [CheckLine] {
        guard verdict != .sound else { return lines }
        return lines.map { line in
            guard line.verdict != .ok else { return line }
            return CheckLine(
                what: line.what, verdict: line.verdict, found: line.found,
                fix: "First the clock, as above, and look again. If this is still so then: \(line.fix)")
        }
    }
}
