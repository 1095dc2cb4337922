internal import Exchange
internal import Folders
internal import Policy
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

/// Each partner: a card in order, and, while the daemon runs, a real connection.
struct PartnerChecks {
    private let facts: PartnerFacts
    private var premises: InstalledAgency { facts.premises }

    init(_ premises: InstalledAgency, at now: Instant) { facts = PartnerFacts(premises, at: now) }

    func lines() async -> [CheckLine] {
        let gone = facts.revocations.map { CheckLine.ok("partner \($0.id)", "nothing is exchanged: \($0.words)") }
        var lines =
            gone
            + facts.troubles.map {
                CheckLine.failed(
                    "partner \($0.id)", $0.why,
                    fix: "waybill partner add CARD --fingerprint SHA256, with their newest card"
                )
            }
        for partner in facts.partners {
            let end = facts.end(of: partner)
            lines.append(
                .countdown(
                    "partner \(partner.id)", Words.days(from: facts.now, to: end),
                    "card \(partner.card.serial) until \(end.date)",
                    fix: "Ask them for their newest card."))
        }
        if lines.isEmpty {
            lines.append(
                .warning(
                    "partners", "there are none yet",
                    fix: "Exchange cards: waybill partner add CARD --fingerprint SHA256"))
        }
        lines += doubts()
        guard premises.runningDaemon != nil else {
            return lines + [
                .warning(
                    "connections", "not tried: waybilld is not running",
                    fix: "systemctl start waybilld, then waybill check")
            ]
        }
        for partner in facts.partners { lines.append(await reach(partner.id)) }
        return lines
    }

    /// Those whom the catalogue knows as gone, or as a group: ourselves, too.
    private func doubts() -> [CheckLine] {
        guard let catalogue = try? LawFiles.catalogue(premises.folders) else { return [] }
        return ([premises.settings.agency] + facts.partners.map(\.id)).compactMap { id in
            guard let doubt = catalogue.doubt(about: id, on: facts.now.londonDate) else { return nil }
            let fix =
                doubt.isGroup
                ? "Exchange cards with each organisation itself. Until then urgent files to \(id) still go."
                : "Exchange cards with who does its work now, then: waybill partner remove \(id)"
            return .warning("organisation \(id)", doubt.words, fix: fix)
        }
    }

    /// The handshake checks certificates both ways at our clock and at theirs.
    private func reach(_ id: AgencyID) async -> CheckLine {
        let what = "connection to \(id)"
        do {
            let answer = try await Officer(premises).ask(.testPartner(id: id))
            let why = answer["why"]?.string ?? ""
            guard answer["reached"]?.isTrue == true else {
                return .warning(
                    what, why,
                    fix: "Files wait and go by themselves. See whether they run, and whether a firewall is in between.")
            }
            return .ok(what, why)
        } catch {
            return .warning(what, Explained.words(of: error), fix: "waybill partner test \(id)")
        }
    }
}
