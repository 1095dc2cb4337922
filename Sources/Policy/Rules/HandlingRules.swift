internal import Vocabulary

/// How long is it kept, and which of the cited words has nobody read again?
enum HandlingRules {
    static let all = [Rule("R-010", retention), Rule("R-000w", unverified)]

    private static func retention(_ share: Share) -> [Shortfall] {
        if let retention = share.label.retention, !retention.class.isEmpty, retention.reviewBy != nil { return [] }
        return [
            Shortfall(
                "The label does not say how long the file is to be kept.",
                fix: "Ask your information governance lead to give the route a retention class and review-after.")
        ]
    }

    private static func unverified(_ share: Share) -> [Shortfall] {
        let basis = share.label.basis
        let cited =
            share.article6 + share.article9 + share.schedule1 + share.schedule8
            + share.inForce(basis.gateways, .gateway) + share.inForce(basis.gateways, .annex1)
        return cited.filter { $0.status == .unverified }.map { entry in
            Shortfall(
                "\(entry.id) (\(entry.citation)) is marked unverified in the catalogue.",
                fix: "Ask your information governance lead to check the citation and update the catalogue.")
        }
    }
}
