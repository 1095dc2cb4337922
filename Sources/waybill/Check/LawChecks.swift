internal import Daemon
internal import Exchange
internal import Folders
internal import Policy
internal import Settings
internal import Vocabulary

/// Catalogue and agreements: sound, in force, reviewed, and ours.
struct LawChecks {
    private let premises: Premises
    private let now: Instant
    private var today: CalendarDate { now.londonDate }

    init(_ premises: Premises, at now: Instant) { (self.premises, self.now) = (premises, now) }

    func lines() -> [CheckLine] {
        let catalogue: Catalogue
        do { catalogue = try LawShelf.catalogue(premises.folders) } catch {
            return [
                .failed(
                    "catalogue", Explained.words(of: error),
                    fix: "Restore the shipped catalogue to \(premises.folders.catalogue).")
            ]
        }
        let line = CheckLine.ok(
            "catalogue",
            "version \(catalogue.version), \(catalogue.entries.count) words, \(catalogue.rules.count) rules")
        let files = FileSystem.names(in: premises.folders.agreements).filter { $0.hasSuffix(".yaml") }
        if files.isEmpty {
            return [
                line,
                .failed(
                    "agreements", "there are none: every file would be held",
                    fix: "Put the signed agreement into \(premises.folders.agreements)."),
            ]
        }
        return [line] + files.flatMap { agreement($0, catalogue) }
    }

    private func agreement(_ file: String, _ catalogue: Catalogue) -> [CheckLine] {
        let what = "agreement \(file)"
        let fix = "waybill agreement check \(premises.folders.agreements)/\(file)"
        guard let reading = try? LawShelf.read("\(premises.folders.agreements)/\(file)", catalogue) else {
            return [.failed(what, "cannot be read", fix: "Check its owner and mode.")]
        }
        guard let agreement = reading.value else {
            return [.failed(what, reading.errors.first?.description ?? "is not sound", fix: fix)]
        }
        var lines = reading.warnings.map { CheckLine.warning(what, $0.description, fix: fix) }
        guard agreement.inForce(on: today) else {
            return lines + [.failed(what, "is not in force today", fix: "Load the agreement that replaces it.")]
        }
        if !agreement.parties.isEmpty,
            !agreement.parties.contains(where: { $0.id == premises.settings.agency && $0.isParty(on: today) })
        {
            lines.append(
                .warning(
                    what, "we are not a party to it",
                    fix: "Files under it are held until it is signed for \(premises.settings.agency)."))
        }
        let found = "version \(agreement.version), \(agreement.routes.count) routes"
        guard let review = agreement.reviewBy else { return lines + [.ok(what, found)] }
        let days = review.daysSince1970 - today.daysSince1970
        if days < 0 {
            return lines + [
                .warning(what, "\(found): its review was due on \(review)", fix: "Review it with the other parties.")
            ]
        }
        return lines + [
            .countdown(what, days, "\(found), review by \(review)", fix: "Review it with the other parties.")
        ]
    }
}
