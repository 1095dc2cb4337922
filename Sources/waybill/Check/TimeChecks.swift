internal import Envelope
internal import Exchange
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings
internal import Transport
internal import TransportHTTPS
internal import Vocabulary
internal import Witness

/// Time tokens: the authority answers, what it answers holds, the newest kept ones hold, and none is late.
struct TimeChecks {
    private let premises: InstalledAgency
    private let now: Instant
    /// So many of the newest tokens are verified here; `waybill ledger check` verifies all.
    private static let newest = 100
    private static let askWhy = "waybill status says since when and why; the daemon asks again by itself."

    init(_ premises: InstalledAgency, at now: Instant) { (self.premises, self.now) = (premises, now) }

    func lines() async -> [CheckLine] {
        let authority = TimeAuthoritySettings(premises)
        guard let settings = authority.settings else {
            return [.ok("time tokens", "none are asked for: the settings name no authority")]
        }
        do {
            guard let trusted = try authority.trusted() else { return [] }
            let days = Words.days(from: now, to: trusted.end)
            let found = "\(trusted.count) for tokens, until \(trusted.end.date)"
            return [
                .countdown(
                    "time certificates", days, found,
                    fix: "Add the authority's new certificate to \(settings.certificate); leave the old ones."),
                await answer(HTTPTimeAuthority(url: settings.authority), trusted),
            ] + (await kept(trusted, settings))
        } catch let trouble as Trouble {
            return [.failed("time certificates", "\(trouble.what) \(trouble.why)", fix: trouble.fix)]
        } catch {
            return [.failed("time certificates", Explained.words(of: error), fix: "See timestamps in the settings.")]
        }
    }

    /// A real request, over a word that means nothing.
    private func answer(_ authority: HTTPTimeAuthority, _ trusted: TimeAuthorities) async -> CheckLine {
        let what = "time authority"
        let request = TimestampRequest(over: Array("waybill check".utf8))
        let line: CheckLine
        do {
            let sent = WallClock.now()
            let token = try trusted.verify(reply: await authority.stamp(request.der), to: request)
            line = Self.compare(token.time, sent, WallClock.now())
        } catch let later as TryLater {
            line = .warning(what, later.explanation, fix: "Deliveries go on without; tokens catch up by themselves.")
        } catch {
            line = .failed(
                what, Explained.words(of: error), fix: "Nothing that it answers is kept until this is mended.")
        }
        await authority.shutdown()
        return line
    }

    private static func compare(_ time: Instant, _ sent: Instant, _ received: Instant) -> CheckLine {
        let margin: Int64 = 120
        guard sent.adding(seconds: -margin) <= time, time <= received.adding(seconds: margin) else {
            return .warning(
                "time authority", "its token holds and says \(time); this machine says \(received)",
                fix: "Set this machine's clock by a time server: timedatectl, chronyc tracking.")
        }
        return .ok("time authority", "answers; its token holds and agrees with our clock")
    }

    private func kept(_ trusted: TimeAuthorities, _ settings: TimestampSettings) async -> [CheckLine] {
        guard FileSystem.exists(premises.folders.ledger) else { return [] }
        do {
            let reader = try LedgerAtHand(premises).reader
            let newest = try await reader.newestTimeToken()
            return [
                try await sound(newest, reader, TimeJudge(trusted)), try await late(newest, reader, settings.every),
            ]
        } catch {
            return [.failed("time tokens", Explained.words(of: error), fix: "See the line about the ledger.")]
        }
    }

    private func sound(_ newest: TimeToken?, _ reader: LedgerReader, _ judge: TimeJudge) async throws -> CheckLine {
        guard let newest else { return .ok("time tokens", "there is none yet") }
        let from = try await reader.stampedSizes(limit: Self.newest).last ?? newest.size
        let tokens = try await reader.timeTokens(covering: from, limit: Self.newest)
        if let wrong = tokens.compactMap(judge.trouble).first {
            return .failed(
                "time tokens", wrong,
                fix:
                    "If the authority changed, keep its old certificates in timestamps.certificate; else keep a copy of "
                    + "the ledger as evidence.")
        }
        return .ok(
            "time tokens", "the newest \(tokens.count) hold; the last is of \(newest.at), over \(newest.size) entries")
    }

    /// Late is what the daemon's alarm says, too: an entry older than twice `every` without a token.
    private func late(_ newest: TimeToken?, _ reader: LedgerReader, _ every: Duration) async throws -> CheckLine {
        let what = "time tokens in time"
        guard let oldest = try await reader.moment(of: newest?.size ?? 0) else {
            return .ok(what, "every entry has one")
        }
        guard oldest.adding(seconds: every.components.seconds * 2) < now else {
            return .ok(what, "the oldest entry without one is of \(oldest)")
        }
        return .warning(what, "LATE: the entries since \(oldest) have none", fix: Self.askWhy)
    }
}
