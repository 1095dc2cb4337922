internal import Vocabulary

/// How long is it kept, what must not be done with it, and which of the cited words has nobody read again?
enum HandlingRules {
    static let all = [
        Rule("R-010", retention), Rule("R-013", bars), Rule("R-013w", unknownTags), Rule("R-014", transfer),
        Rule("R-000w", unverified),
    ]

    private static func retention(_ share: Share) -> [Shortfall] {
        if let retention = share.label.retention, !retention.class.isEmpty, retention.reviewBy != nil { return [] }
        return [
            Shortfall(
                "The label does not say how long the file is to be kept.",
                fix: "Ask your information governance lead to give the route a retention class and review-after.")
        ]
    }

    /// The catalogue's row says which Act it is and what follows. Who has an authority for this disclosure may make it;
    /// a mere warning is for the recipient and stays. A bar that binds this very sender is final.
    private static func bars(_ share: Share) -> [Shortfall] {
        share.inForce(share.label.handling.caveats, .handlingTag).compactMap { tag in
            let isBound = tag.facts.binds.map(share.here.offices.contains) ?? false
            let outcome = isBound ? .block : tag.facts.outcome ?? .hold
            guard outcome == .warn || !share.label.basis.authority.hasWords(3) else { return nil }
            return Shortfall(
                "The file is marked \(tag.named).",
                fix: tag.facts.fix ?? "Ask your information governance lead whether the law allows this sharing.",
                citation: tag.citation, outcome: outcome, reach: isBound ? .everything : .routine)
        }
    }

    /// With the exceptions that are law that day, so that whoever answers for it can name one.
    private static func fix(_ tag: CatalogueEntry, _ share: Share) -> String {
        let fix = tag.facts.fix ?? "Ask your information governance lead whether the law allows this sharing."
        let exceptions = share.catalogue.entries.filter { entry in
            entry.kind == .barException && entry.facts.lifts.contains(tag.id)
                && share.catalogue.entry(entry.id, .barException, on: share.date) == entry
        }
        guard !exceptions.isEmpty, fix.hasSuffix(".") else { return fix }
        return String(fix.dropLast()) + ": " + exceptions.map { "\($0.id), \($0.label)" }.joined(separator: "; ") + "."
    }

    /// Markings of one's own may travel.
    private static func unknownTags(_ share: Share) -> [Shortfall] {
        share.label.handling.caveats.compactMap { id in
            let standing = share.catalogue.standing(id, .handlingTag, on: share.date)
            if case .inForce = standing { return nil }
            return Shortfall(
                "The marking \(id) \(standing.words), so it travels and nothing follows from it here.",
                fix: "Check its spelling, or agree with the recipient what it means.")
        }
    }

    private static func transfer(_ share: Share) -> [Shortfall] {
        guard let there = share.catalogue.organisation(share.recipient), there.country != "GB" else { return [] }
        if let id = share.label.basis.transfer, share.catalogue.entry(id, .transfer, on: share.date) != nil {
            return []
        }
        let named = share.label.basis.transfer.map { id in
            ", and \(id) \(share.catalogue.standing(id, .transfer, on: share.date).words)"
        }
        return [
            Shortfall(
                "Organisation \(share.recipient) receives outside the United Kingdom (\(there.country))"
                    + (named ?? ", and the label does not say what allows the transfer") + ".",
                fix: "Ask your information governance lead which safeguard applies, and write it under basis, transfer."
            )
        ]
    }

    private static func unverified(_ share: Share) -> [Shortfall] {
        let cited =
            share.article6 + share.article9 + share.schedule1 + share.schedule8 + share.gateways + share.annex1
        return cited.filter { $0.status == .unverified }.map { entry in
            Shortfall(
                "The label relies on \(entry.named), which the catalogue marks as unverified.",
                fix: "Ask your information governance lead to check the citation and update the catalogue.")
        }
    }
}
