internal import Vocabulary

/// Are the words known, is the purpose permitted, and why is sharing necessary?
enum PurposeRules {
    static let all = [
        Rule("R-007", purpose), Rule("R-000", vocabulary), Rule("R-006", necessity), Rule("R-007m", minimisation),
        Rule("R-008", compatibility),
    ]

    private static func purpose(_ share: Share) -> [Shortfall] {
        let id = share.label.purpose
        guard !id.isEmpty else {
            return [Shortfall("The label names no purpose.", fix: "Choose a route whose purpose fits the file.")]
        }
        let standing = share.catalogue.standing(id, .purpose, on: share.date)
        guard case .inForce = standing else {
            return [
                Shortfall(
                    "Purpose \(id) \(standing.words).",
                    fix: "Ask your information governance lead to give the route a purpose that the catalogue holds.")
            ]
        }
        guard let agreement = share.agreement else { return [] }
        let lineage = share.catalogue.lineage(ofPurpose: id, on: share.date)
        guard agreement.purposes.contains(where: lineage.contains) else {
            return [
                Shortfall(
                    "Agreement \(agreement.id) does not permit purpose \(id).",
                    fix: "Choose a route with a purpose of this agreement (\(agreement.purposes.listed)).")
            ]
        }
        return []
    }

    /// Every id that a label relies on is in the catalogue and in force that day. R-001 speaks for Article 6 where
    /// nothing else is left of it.
    private static func vocabulary(_ share: Share) -> [Shortfall] {
        let basis = share.label.basis
        var shortfalls = unknown(share.label.categories, "Category", Share.categoryKinds, share)
        if share.label.categories.isEmpty {
            shortfalls.append(
                Shortfall(
                    "The label names no category of data.",
                    fix: "Ask your information governance lead to give the route at least one category, such as pd-12.")
            )
        }
        if Regime(rawValue: basis.regime) == nil {
            shortfalls.append(
                Shortfall(
                    "Regime \(basis.regime) is not one that this version knows.", fix: "Write uk-gdpr or dpa-part-3."))
        }
        let lists: [([String], String, [CatalogueEntry.Kind])] = [
            (share.article6.isEmpty ? [] : basis.article6, "Article 6 basis", [.article6]),
            (basis.gateways, "Gateway", Share.gatewayKinds), (basis.article9, "Article 9 point", [.article9]),
            (basis.schedule1, "Schedule 1 condition", [.schedule1]),
            (basis.schedule8, "Schedule 8 condition", [.schedule8]),
        ]
        return shortfalls + lists.flatMap { unknown($0.0, $0.1, $0.2, share) }
    }

    private static func unknown(
        _ ids: [String], _ what: String, _ kinds: [CatalogueEntry.Kind], _ share: Share
    ) -> [Shortfall] {
        ids.compactMap { id in
            let standing = share.catalogue.standing(id, of: kinds, on: share.date)
            if case .inForce = standing { return nil }
            return Shortfall(
                "\(what) \(id) \(standing.words).",
                fix: "Ask your information governance lead to replace \(id) in the agreement or the side-car "
                    + "by an id that is in force (waybill catalogue list).")
        }
    }

    /// Article 5(1)(c). Neither a word or two nor the purpose over again says why.
    private static func necessity(_ share: Share) -> [Shortfall] {
        let necessity = share.label.necessity
        let labels = share.purposes.map { $0.label.plain }
        guard !Optional(necessity).hasWords(4) || labels.contains(necessity.plain) else { return [] }
        let isEmpty = !necessity.contains { !$0.isWhitespace }
        return [
            Shortfall(
                isEmpty
                    ? "Nobody has said why this sharing is necessary."
                    : "What the label gives as the need for sharing does not say why it is necessary.",
                fix: "Write one sentence that says what the recipient cannot do without this file.")
        ]
    }

    /// Audits and commissioning should do with pseudonymised data.
    private static func minimisation(_ share: Share) -> [Shortfall] {
        guard share.purposes.contains(where: \.facts.preferPseudonymised), !share.special.isEmpty,
            !share.label.subjects.isEmpty
        else { return [] }
        let what = share.named(share.special, Share.categoryKinds)
        return [
            Shortfall(
                "This purpose rarely needs to know who the people are, and the label names people and \(what).",
                fix: "Take the case references out of the label and the names out of the file, if the work allows it.")
        ]
    }

    /// UK GDPR 8A. Compatibility alone is not lawfulness, which the other rules ask for.
    private static func compatibility(_ share: Share) -> [Shortfall] {
        guard !share.isPart3, let collection = share.label.collection else { return [] }
        let same = share.purposes.contains { $0.id == collection.purpose }
        guard !same, !collection.compatibility.hasWords(4) else { return [] }
        let entry = share.catalogue.entry(collection.purpose, .purpose, on: share.date)
        let known = entry.map { ", \($0.named)" } ?? ""
        return [
            Shortfall(
                "The information was collected for another purpose\(known).",
                fix: "Say under collection, compatibility, in one sentence why the new use fits the old one.")
        ]
    }
}

extension String {
    /// Letters and digits only, in lower case.
    fileprivate var plain: String { lowercased().filter { $0.isLetter || $0.isNumber } }
}
