internal import Vocabulary

/// UK GDPR Article 6: a lawful basis, and the domestic law that it rests on.
enum BasisRules {
    static let all = [Rule("R-001", article6), Rule("R-002", gateway), Rule("R-004", annex1)]

    private static func article6(_ share: Share) -> [Shortfall] {
        guard !share.isPart3, share.article6.isEmpty else { return [] }
        let cited = share.label.basis.article6
        let fix = "Ask your information governance lead to give the route an Article 6 basis in force, such as A6-1-e."
        guard !cited.isEmpty else { return [Shortfall("The label names no lawful basis (Article 6).", fix: fix)] }
        let words = cited.map { "\($0) \(share.catalogue.standing($0, .article6, on: share.date).words)" }
        return [Shortfall("No lawful basis is left: \(words.listed).", fix: fix)]
    }

    private static func gateway(_ share: Share) -> [Shortfall] {
        let asking = share.article6.filter { $0.facts.requires.contains("gateway") }.map(\.id)
        guard !share.isPart3, !asking.isEmpty, share.inForce(share.label.basis.gateways, .gateway).isEmpty else {
            return []
        }
        return [
            Shortfall(
                "\(asking.listed) must rest on an Act that allows the sharing, and the label names none in force.",
                fix: "Ask your information governance lead to add the legal gateway to the route, such as CA89-47.")
        ]
    }

    private static func annex1(_ share: Share) -> [Shortfall] {
        let asking = share.article6.filter { $0.facts.requires.contains("annex-1-condition") }.map(\.id)
        guard !share.isPart3, !asking.isEmpty, share.inForce(share.label.basis.gateways, .annex1).isEmpty else {
            return []
        }
        return [
            Shortfall(
                "\(asking.listed) needs a condition of Annex 1, and the label names none in force.",
                fix: "Ask your information governance lead to add the condition to the route's gateways, such as AX1-6."
            )
        ]
    }
}
