internal import Envelope
internal import Exchange
internal import Ledger
internal import LedgerSQLite
internal import Logging
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
        let (ledger, now) = (wiring.office.ledger, wiring.office.now())
        let last = (try? await ledger.remembered(Self.when)).flatMap { $0 }.flatMap { try? Instant($0) }
        if let last, last <= now, now < last.adding(seconds: Self.day) { return }
        do { try await check(now) } catch {
            wiring.log.notice("the daily check of the ledger will be tried again", metadata: ["why": "\(error)"])
        }
    }

    private func check(_ now: Instant) async throws {
        let ledger = wiring.office.ledger
        let mark = try await ledger.remembered(Self.memory).flatMap { try? CheckMark(parsing: $0) }
        let report = try await LedgerCheck(
            wiring.sqlite, crypto: OpenSSLLedgerCrypto(), judges: judges()
        ).run(.recent, from: mark)
        wiring.office.standing.alarm("ledger", report.problems.first.map(Self.words))
        for problem in report.problems.prefix(20) {
            wiring.log.critical(
                "the ledger is not sound", metadata: ["place": "\(problem.place)", "what": "\(problem.what)"])
        }
        guard report.isClean, let mark = report.mark else { return }
        try await ledger.remember(Self.memory, mark.text)
        try await ledger.remember(Self.when, now.description)
        wiring.log.info(
            "the ledger was checked", metadata: ["events": "\(report.events)", "before": "\(report.before)"])
    }

    /// Statements and countersignatures were verified when they came; here it is asked whether they are still the same.
    private func judges() throws -> CheckJudges {
        var judges = CheckJudges()
        let keys = try KeyCupboard(folder: wiring.premises.folders.keys)
        judges.ourKeys = try keys.ledgerPublicKeys()
        return judges
    }

    private static func words(_ problem: LedgerProblem) -> String {
        "not sound: \(problem). Run waybill ledger check, keep a copy as evidence, restore the newest backup"
    }
}
