internal import Envelope
internal import Exchange
internal import Ledger
internal import LedgerSQLite
internal import Logging
internal import Premises
internal import Settings
internal import Vocabulary

/// Once a day: what has come to the ledger since the last clean check is checked, and what is quickly looked at.
///
/// The mark of the last clean check is remembered in the ledger, so that a restart costs nothing. A finding raises the
/// alarm `ledger` until a check is clean again; exchange goes on, because a person has to judge it.
struct LedgerWatch: Sendable {
    static let memory = "check/mark"
    private static let day: Int64 = 86_400
    private static let when = "check/at"
    let wiring: Wiring

    /// At most once a day, by the wall clock; a clock that was set back makes it earlier, never later.
    func keep() async {
        let (ledger, now) = (wiring.agency.ledger, wiring.agency.clock.now())
        let last = (try? await ledger.remembered(Self.when)).flatMap { $0 }.flatMap { try? Instant($0) }
        if let last, last <= now, now < last.adding(seconds: Self.day) { return }
        do {
            let mark = try await ledger.remembered(Self.memory).flatMap { try? CheckMark(parsing: $0) }
            try await check(.recent, from: mark, now)
        } catch {
            wiring.log.notice("the daily check of the ledger will be tried again", metadata: ["why": "\(error)"])
        }
    }

    /// A ledger without sums did not end in order, or somebody took them away with what they would have shown: every row
    /// and page is looked at once, beside the work. Not at once: what is killed again and again has better things to do.
    func afterUnknownEnd() async {
        guard wiring.opened.sqlite.closed == .unknown, wiring.opened.sqlite.doubt == nil else { return }
        do {
            try await Task.sleep(for: Self.patience)
            try await check(.whole, from: nil, wiring.agency.clock.now())
        } catch is CancellationError {} catch {
            wiring.log.notice("the whole ledger was not checked", metadata: ["why": "\(error)"])
        }
    }

    private static let patience = Duration.seconds(60)

    private func check(_ depth: LedgerCheck.Depth, from mark: CheckMark?, _ now: Instant) async throws {
        let ledger = wiring.agency.ledger
        let judges = try wiring.ourJudges
        var report = try await LedgerCheck(
            wiring.opened.sqlite, crypto: OpenSSLLedgerCrypto(), judges: judges
        ).run(depth, from: mark)
        // Our ledger key may have been rotated meanwhile.
        let today = try wiring.ourJudges
        if !report.isClean, today.ourKeys != judges.ourKeys {
            report = try await LedgerCheck(wiring.opened.sqlite, crypto: OpenSSLLedgerCrypto(), judges: today)
                .run(depth, from: mark)
        }
        wiring.agency.alarms.alarm("ledger", report.problems.first.map(Self.words))
        wiring.log(report.problems)
        guard report.isClean, let mark = report.mark else { return }
        try await ledger.remember(Self.memory, mark.text)
        try await ledger.remember(Self.when, now.description)
        wiring.log.info(
            "the ledger was checked", metadata: ["events": "\(report.events)", "before": "\(report.before)"])
    }

    private static func words(_ problem: LedgerProblem) -> String {
        "not sound: \(problem). Run waybill ledger check, keep a copy as evidence, restore the newest backup"
    }
}
