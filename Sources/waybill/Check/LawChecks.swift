internal import Exchange
internal import Folders
internal import Law
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

/// Catalogue and agreements: sound, in force, reviewed, and ours.
struct LawChecks {
    private let premises: InstalledAgency
    private let now: Instant
    private var today: CalendarDate { now.londonDate }

    init(_ premises: InstalledAgency, at now: Instant) { (self.premises, self.now) = (premises, now) }

    func lines() -> [CheckLine] {
        let catalogue: Catalogue
        do { catalogue = try LawFiles.catalogue(premises.folders) } catch {
            return [
                .failed(
                    "catalogue", Explained.words(of: error),
                    fix: "Restore the shipped catalogue to \(premises.folders.catalogue).")
            ]
        }
        let line = CheckLine.ok(
            "catalogue",
            "version \(catalogue.version), \(catalogue.entries.count) words, \(catalogue.rules.count) rules")
        let holidays = holidays(catalogue)
        let older = older(catalogue)
        let files: [String]
        do { files = try agreementFiles } catch {
            return [
                line, holidays, older,
                .failed(
                    "agreements", "they cannot be listed: \(error)",
                    fix: "Make \(premises.folders.agreements) readable for the daemon's user."),
            ]
        }
        if files.isEmpty {
            return [
                line, holidays, older,
                .failed(
                    "agreements", "there are none: every file would be held",
                    fix: "Put the signed agreement into \(premises.folders.agreements)."),
            ]
        }
        return [line, holidays, older] + together(catalogue) + files.flatMap { agreement($0, catalogue) }
    }

    /// An installed catalogue is never replaced by itself: every label pins it.
    private func older(_ catalogue: Catalogue) -> CheckLine {
        guard let shipped = try? LawAtHand.shippedCatalogue(), catalogue.version < shipped.version else {
            return .ok("newer law", "none comes with this version of Waybill")
        }
        return .warning(
            "newer law",
            "catalogue \(shipped.version) comes with this version of Waybill, \(catalogue.version) is loaded",
            fix:
                "waybill catalogue diff installed shipped; then put it into \(premises.folders.catalogue), waybill reload"
        )
    }

    /// Due dates roll over bank holidays: an end of the list makes them early, never late.
    private func holidays(_ catalogue: Catalogue) -> CheckLine {
        guard let until = catalogue.bankHolidaysUntil else {
            return .warning("bank holidays", "the catalogue names none", fix: "Load a catalogue that lists them.")
        }
        return .countdown(
            "bank holidays", until.daysSince1970 - today.daysSince1970, "known until \(until)", soon: 366,
            fix: "Load a newer catalogue: waybill catalogue diff installed FILE")
    }

    private var agreementFiles: [String] {
        get throws { try FileSystem.names(in: premises.folders.agreements).filter { $0.hasSuffix(".yaml") } }
    }

    /// What is wrong between agreements: tiers, versions, parties.
    private func together(_ catalogue: Catalogue) -> [CheckLine] {
        let files = (try? agreementFiles) ?? []
        let readings = files.compactMap { try? LawFiles.read("\(premises.folders.agreements)/\($0)", catalogue) }
        return AgreementSet.check(readings, catalogue: catalogue).map { problem in
            .warning("agreements", problem.description, fix: "waybill agreement check FILE")
        }
    }

    private func agreement(_ file: String, _ catalogue: Catalogue) -> [CheckLine] {
        let what = "agreement \(file)"
        let fix = "waybill agreement check \(premises.folders.agreements)/\(file)"
        guard let reading = try? LawFiles.read("\(premises.folders.agreements)/\(file)", catalogue) else {
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
        let due = agreement.reviews(on: today).filter { $0.state.isAlarm }
        guard !due.isEmpty else { return lines + [.ok(what, found)] }
        return lines + due.map { .warning(what, $0.sentence, fix: "Review it with the other parties.") }
    }
}
