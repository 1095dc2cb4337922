package import Vocabulary

/// Judges what a person wants to do with a notice under Article 14, by the catalogue in force that day. Pure.
package struct NoticeActs: Sendable {
    /// Not an exemption: the subject was told.
    package static let told = "14-done"
    static let rule = "d-4.4"

    private let catalogue: Catalogue
    private let mostMonths: Int64

    /// - Parameter mostMonths: how far ahead a deferral may reach before somebody looks again.
    package init(catalogue: Catalogue, mostMonths: Int64 = 6) {
        self.catalogue = catalogue
        self.mostMonths = mostMonths
    }

    /// Ends a notice for good. Temporary grounds cannot.
    package func close(ground: String, _ evidence: NoticeEvidence, now: Instant) -> Judged<NoticeSettlement> {
        let today = now.londonDate
        if ground != Self.told {
            guard case .inForce(let entry) = catalogue.standing(ground, .article14Ground, on: today) else {
                return .refused([notAGround(ground, today)])
            }
            guard !entry.facts.temporary else { return .refused([temporary(entry)]) }
        }
        let open = missing(ground, evidence, today) + toldTooEarly(ground, evidence)
        return open.isEmpty ? .granted(settlement(ground, evidence, until: nil)) : .refused(open)
    }

    /// Puts a notice off until the start of a day, on which it opens again by itself.
    package func put(
        off ground: String, until day: CalendarDate?, _ evidence: NoticeEvidence, now: Instant
    ) -> Judged<NoticeSettlement> {
        let today = now.londonDate
        guard ground != Self.told else { return .refused([permanent(ground, citation: "UK GDPR 14(1)-(2)")]) }
        guard case .inForce(let entry) = catalogue.standing(ground, .article14Ground, on: today) else {
            return .refused([notAGround(ground, today)])
        }
        guard entry.facts.temporary else { return .refused([permanent(ground, citation: entry.citation)]) }
        let open = missing(ground, evidence, today) + reviewDay(day, entry, today)
        guard open.isEmpty else { return .refused(open) }
        return .granted(settlement(ground, evidence, until: day))
    }

    /// A communication with the subject, past or planned, or a disclosure to somebody else, moves the due date forward.
    package func contact(_ clock: NoticeClock, _ occasion: Occasion) -> Judged<NoticeClock> {
        moved(clock, occasion) { $0.noteContact(occasion) }
    }

    package func disclosure(_ clock: NoticeClock, _ occasion: Occasion) -> Judged<NoticeClock> {
        moved(clock, occasion) { $0.noteDisclosure(occasion) }
    }

    /// When a deferred notice that has opened again is due: as before, or by the end of the day on which it opened.
    package static func due(_ due: Instant, reopened: Instant) -> Instant {
        max(due, reopened.londonDate.endInLondon)
    }
}

extension NoticeActs {
    private func moved(
        _ clock: NoticeClock, _ occasion: Occasion, _ note: (inout NoticeClock) -> Void
    ) -> Judged<NoticeClock> {
        guard occasion.day >= clock.received.londonDate else {
            let received = clock.received.londonDate
            return .refused([
                finding(
                    "UK GDPR 14(3)", "\(occasion.day) lies before the receipt on \(received).",
                    fix: "Give the first day of contact after the receipt; earlier ones do not count.")
            ])
        }
        var clock = clock
        note(&clock)
        return .granted(clock)
    }

    private func missing(_ ground: String, _ evidence: NoticeEvidence, _ today: CalendarDate) -> [Finding] {
        let row = catalogue.entry(ground, .article14Ground, on: today)
        let citation = row?.citation ?? "UK GDPR 14(1)-(2)"
        return (row?.evidenceNeeded ?? Need.told).compactMap { need in
            need.shortfall(ground, evidence, catalogue, on: today).map { finding(citation, $0.found, fix: $0.fix) }
        }
    }

    /// Nobody can have been told by us of what we did not have.
    private func toldTooEarly(_ ground: String, _ evidence: NoticeEvidence) -> [Finding] {
        guard ground == Self.told, let day = evidence.on, let received = evidence.received, day < received else {
            return []
        }
        return [
            finding(
                "UK GDPR 14(5)(a)", "\(day) lies before the receipt on \(received).",
                fix: "If they knew already, close it with --ground 14-5-a.")
        ]
    }

    private func settlement(
        _ ground: String, _ evidence: NoticeEvidence, until day: CalendarDate?
    ) -> NoticeSettlement {
        var facts: [String: String] = [:]
        facts["channel"] = evidence.channel
        facts["duty"] = evidence.duty
        facts["function"] = evidence.function
        facts["gateway"] = evidence.gateway
        facts["informedOn"] = evidence.on?.description
        facts["noticeVersion"] = evidence.noticeVersion
        facts["publicNotice"] = evidence.publicNotice
        facts["reference"] = evidence.reference
        return NoticeSettlement(
            ground: ground, because: evidence.because, deferredUntil: day?.startInLondon, facts: facts)
    }

    private func reviewDay(_ day: CalendarDate?, _ entry: CatalogueEntry, _ today: CalendarDate) -> [Finding] {
        let last = MonthPeriod(from: today, months: mostMonths).lastDay
        guard let day else {
            return [finding(entry.citation, "No day is given to look again.", fix: "Give it with --until DATE.")]
        }
        guard day > today, day <= last else {
            return [
                finding(
                    entry.citation, "\(day) is no day to look again: it must lie after today and by \(last).",
                    fix: "Choose a day by \(last); if the ground still applies then, defer again.")
            ]
        }
        return []
    }
}

extension NoticeActs {
    private func temporary(_ entry: CatalogueEntry) -> Finding {
        finding(
            entry.citation, "Ground \(entry.id) (\(entry.label)) is temporary: it can put a notice off, not end it.",
            fix: "Use `waybill notices defer` with --ground \(entry.id) and the day to look again.")
    }

    private func permanent(_ ground: String, citation: String) -> Finding {
        finding(
            citation, "Ground \(ground) does not pass with time, so that there is nothing to wait for.",
            fix: "Use `waybill notices close` with --ground \(ground).")
    }

    private func notAGround(_ ground: String, _ today: CalendarDate) -> Finding {
        if let exemption = accessOnly(ground) {
            return finding(
                exemption.citation,
                "\(ground) limits requests for access (Article 15) only; it does not excuse from telling people that "
                    + "we hold their data (Article 14).",
                fix: "If telling them now could put somebody at risk, defer with --ground 14-5-f or --ground S2-2 and "
                    + "a day to look again.")
        }
        let standing = catalogue.standing(ground, .article14Ground, on: today)
        return finding(
            citation(standing), "Ground \(ground) \(standing.words)\(dates(standing)).",
            fix: "Choose a ground that is in force today: `waybill catalogue list` shows them.")
    }

    /// Schedule 3's serious harm and Schedule 4 bite on Article 15 alone: `S4-3` stands under `S4`.
    private func accessOnly(_ ground: String) -> CatalogueEntry? {
        let parent = ground.lastIndex(of: "-").map { String(ground[..<$0]) }
        let rows = catalogue.entries.filter { $0.kind == .article15Exemption }
        return rows.first { $0.id == ground } ?? rows.first { $0.id == parent }
    }

    private func citation(_ standing: Standing) -> String {
        switch standing {
        case .inForce(let entry), .notYet(let entry), .ended(let entry), .notCommenced(let entry): entry.citation
        case .unknown: "UK GDPR 14(5)"
        }
    }

    private func dates(_ standing: Standing) -> String {
        switch standing {
        case .ended(let entry): entry.validFrom.map { ", having begun on \($0)" } ?? ""
        case .notYet(let entry): entry.validTo.map { ", and ends on \($0)" } ?? ""
        case .inForce, .notCommenced, .unknown: ""
        }
    }

    private func finding(_ citation: String, _ found: String, fix: String) -> Finding {
        Finding(rule: Self.rule, citation: citation, found: found, fix: fix)
    }
}
