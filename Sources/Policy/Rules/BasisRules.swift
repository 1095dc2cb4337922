internal import Vocabulary

/// UK GDPR Article 6: a lawful basis, the domestic law that it rests on, and what goes with it.
enum BasisRules {
    static let all = [
        Rule("R-001", article6), Rule("R-002", gateway), Rule("R-003", publicAuthority),
        Rule("R-004", annex1, request), Rule("R-005", consent),
    ]

    private static func article6(_ share: Share) -> [Shortfall] {
        guard !share.isPart3, share.article6.isEmpty else { return [] }
        let cited = share.label.basis.article6
        let fix = "Ask your information governance lead to give the route an Article 6 basis in force, such as A6-1-e."
        guard !cited.isEmpty else { return [Shortfall("The label names no lawful basis (Article 6).", fix: fix)] }
        let words = cited.map { "\($0) \(share.catalogue.standing($0, .article6, on: share.date).words)" }
        return [Shortfall("No lawful basis is left: \(words.listed).", fix: fix)]
    }

    private static func gateway(_ share: Share) -> [Shortfall] {
        let asking = share.asking("gateway")
        guard !asking.isEmpty, share.gateways.isEmpty else { return [] }
        return [
            Shortfall(
                "The label relies on \(asking.listed), which must rest on an Act, and names none in force.",
                fix: "Ask your information governance lead to add the legal gateway to the route, such as CA89-47.")
        ]
    }

    /// Closing words of Article 6(1). Whether the authority performs its tasks is never in doubt here: the purposes of
    /// the protocol are its tasks.
    private static func publicAuthority(_ share: Share) -> [Shortfall] {
        let closed = share.article6.filter { !$0.facts.openToPublicAuthority }
        guard !share.isPart3, !closed.isEmpty,
            share.catalogue.organisation(share.sender)?.publicAuthority == true
        else { return [] }
        return [
            Shortfall(
                "The label relies on \(closed.listed), which a public authority may not use for its own tasks.",
                fix: "Use a route that rests on the public task (A6-1-e) instead.")
        ]
    }

    private static func annex1(_ share: Share) -> [Shortfall] {
        let asking = share.asking("annex-1-condition")
        guard !asking.isEmpty, share.annex1.isEmpty else { return [] }
        return [
            Shortfall(
                "The label relies on \(asking.listed), which needs a condition of Annex 1, and names none in force.",
                fix: "Ask your information governance lead to add the condition to the route's gateways, such as AX1-6."
            )
        ]
    }

    /// Annex 1 para 1: only on a request that says that the requester needs the data for a public task.
    private static func request(_ share: Share) -> [Shortfall] {
        let asking = share.annex1.filter { $0.facts.requires.contains("request") }
        guard !share.isPart3, !asking.isEmpty, !share.label.basis.request.hasWords() else { return [] }
        return [
            Shortfall(
                "The label relies on \(asking.listed), and does not say where the request is kept.",
                fix: "Write the reference of the stored request under basis, request, in the label file.")
        ]
    }

    /// Consent is never asked for where another basis exists (protocol 4.1); who relies on it must be able to show it.
    private static func consent(_ share: Share) -> [Shortfall] {
        let points = share.special.isEmpty ? [] : share.article9
        let asking = (share.article6 + points).filter { $0.facts.requires.contains("consent-evidence") }
        guard !share.isPart3, !asking.isEmpty, !share.label.basis.consent.hasWords(2) else { return [] }
        return [
            Shortfall(
                "The label relies on \(asking.listed) and does not say how the consent was given and can be withdrawn.",
                fix: "Say under basis, consent, where the signed consent is kept and how to withdraw it, "
                    + "or use a route that does not need consent.")
        ]
    }
}

extension Share {
    /// The cited Article 6 bases in force that ask for something more.
    func asking(_ what: String) -> [CatalogueEntry] {
        isPart3 ? [] : article6.filter { $0.facts.requires.contains(what) }
    }
}
