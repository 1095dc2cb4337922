internal import Vocabulary

/// Is there an agreement, are both parties to it, and do both still exist?
enum AgreementRules {
    static let all = [
        Rule("R-015", ended), Rule("R-011", inForce), Rule("R-011w", reviewDate), Rule("R-012", assessment),
        Rule("R-016", subjects),
    ]

    /// A send to an organisation that ended is held for good and names its successor: never redirected, because the
    /// successor is another controller with another key and maybe no agreement.
    private static func ended(_ share: Share) -> [Shortfall] {
        [share.sender, share.recipient].compactMap { id in
            if id == share.recipient, let shortfall = gone(share) { return shortfall }
            guard let gone = share.catalogue.organisation(id), !gone.exists(on: share.date) else { return nil }
            guard let last = gone.validTo, last < share.date else {
                let first = gone.validFrom.map(\.description) ?? "a later date"
                return Shortfall(
                    "Organisation \(id) (\(gone.name)) does not exist before \(first).",
                    fix: "Choose the organisation that does this work today.")
            }
            return Shortfall(
                "Organisation \(id) (\(gone.label ?? gone.name)) ended on \(last).", fix: successor(of: gone, share))
        }
    }

    /// For good: the row says so, since when, and who does its work now. Nobody reads what is sent there, and whoever
    /// dropped it should not believe that somebody does.
    private static func gone(_ share: Share) -> Shortfall? {
        guard let gone = share.catalogue.organisation(share.recipient),
            let heir = share.catalogue.heir(of: gone.id, on: share.date), let last = gone.validTo
        else { return nil }
        return Shortfall(
            "Organisation \(gone.id) (\(gone.label ?? gone.name)) ended on \(last).", fix: instead(heir, share),
            outcome: .hold, reach: .everything)
    }

    private static func instead(_ heir: Organisation, _ share: Share) -> String {
        let name = "\(heir.name(on: share.date)) (\(heir.id))"
        guard let partners = share.here.partners else {
            return "If its work passed to \(name), send the file to \(heir.id) instead."
        }
        guard partners.contains(heir.id) else {
            return "If its work passed to \(name), telephone them: they have no folder here before cards are exchanged."
        }
        return "If its work passed to \(name), send the file to \(heir.id) instead: drop it into "
            + "outbox/\(heir.id)/\(share.label.route)."
    }

    private static func successor(of gone: Organisation, _ share: Share) -> String {
        guard let id = gone.successor else { return "Ask your information governance lead who does its work now." }
        let name = share.catalogue.organisation(id)?.name ?? id.text
        return "If its work passed to \(name) (\(id)), send the file to \(id) instead."
    }

    private static func inForce(_ share: Share) -> [Shortfall] {
        guard let agreement = share.agreement, agreement.id == share.label.agreement.id else {
            return [
                Shortfall(
                    "Agreement \(share.label.agreement.id) is not known here.",
                    fix:
                        "Ask your information governance lead to load the signed agreement, or use another route."
                )
            ]
        }
        guard agreement.inForce(on: share.date) else { return [lapsed(agreement, share.date)] }
        if agreement.route(share.label.route) == nil {
            return [
                Shortfall(
                    "Agreement \(agreement.id) has no route \(share.label.route).",
                    fix: "Drop the file into one of the agreement's own route folders.")
            ]
        }
        return [share.sender, share.recipient].compactMap { missing($0, agreement, share) }
    }

    private static func lapsed(_ agreement: Agreement, _ date: CalendarDate) -> Shortfall {
        let name = "\(agreement.id), version \(agreement.version),"
        if date < agreement.validFrom {
            return Shortfall(
                "Agreement \(name) is not in force before \(agreement.validFrom).",
                fix: "Wait until that day, or ask your information governance lead for the agreement in force today.")
        }
        return Shortfall(
            "Agreement \(name) ended on \(agreement.validTo.map(\.description) ?? "an earlier date").",
            fix: "Ask your information governance lead to load the agreement that replaced it.")
    }

    /// One cause, one sentence: an organisation that ended is R-015's affair.
    private static func missing(_ id: AgencyID, _ agreement: Agreement, _ share: Share) -> Shortfall? {
        if let known = share.catalogue.organisation(id), !known.exists(on: share.date) { return nil }
        let rows = agreement.parties.filter { $0.id == id }
        if rows.contains(where: { $0.isParty(on: share.date) }) { return nil }
        let why =
            if let row = rows.last {
                row.left.map { $0 < share.date } ?? false
                    ? "left it on \(row.left.map(\.description) ?? "")"
                    : "signs it only on \(row.signed.map(\.description) ?? "")"
            } else { "has not signed it" }
        return Shortfall(
            "Agreement \(agreement.id) does not bind \(id), which \(why).",
            fix: "Ask your information governance lead to have \(id) sign agreement \(agreement.id), "
                + "or to release this file with a reason.")
    }

    private static func reviewDate(_ share: Share) -> [Shortfall] {
        guard let agreement = share.agreement, let due = agreement.reviewBy, due < share.date else { return [] }
        return [
            Shortfall(
                "Agreement \(agreement.id) was to be reviewed by \(due).",
                fix: "Ask your information governance lead to review the agreement; the file is sent meanwhile.")
        ]
    }

    /// Systematic sharing has a data protection impact assessment (UK GDPR 35; DPA 2018 s.64).
    private static func assessment(_ share: Share) -> [Shortfall] {
        guard let agreement = share.agreement else { return [] }
        guard let assessment = agreement.dpia else {
            return [
                Shortfall(
                    "Agreement \(agreement.id) names no data protection impact assessment.",
                    fix: "Ask your information governance lead to name it in the agreement; the file is sent meanwhile."
                )
            ]
        }
        guard let due = assessment.reviewBy, due < share.date else { return [] }
        return [
            Shortfall(
                "The data protection impact assessment \(assessment.id) was to be reviewed by \(due).",
                fix: "Ask your information governance lead to review the assessment; the file is sent meanwhile.")
        ]
    }

    private static func subjects(_ share: Share) -> [Shortfall] {
        guard share.route?.subjects == .required, share.label.subjects.isEmpty else { return [] }
        return [
            Shortfall(
                "Route \(share.label.route) asks whom the file is about, and the label does not say.",
                fix: "Put a file NAME.label.yaml beside it that gives the case reference under subjects.")
        ]
    }
}
