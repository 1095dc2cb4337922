internal import Vocabulary

/// Protocol 2.4: data outside its lists may be shared if (a) the principles are satisfied and (b) safeguarding law
/// permits it.
enum OtherDataRules {
    static let all = [Rule("d-2.4a", attestation), Rule("d-2.4b", gateway)]

    private static let principles = [
        "lawfulness", "fairness", "transparency", "purpose-limitation", "minimisation", "accuracy",
    ]

    private static func attestation(_ share: Share) -> [Shortfall] {
        guard !share.outside.isEmpty else { return [] }
        let found = "The protocol does not list \(share.outside.listed), and nobody has answered for "
        guard let attestation = share.label.attestation, Optional(attestation.because).hasWords(4) else {
            return [
                Shortfall(
                    found + "sharing it.",
                    fix: "Add attestation to the label file, with the six principles that you have checked and "
                        + "because, which says why the data are needed.")
            ]
        }
        let open = principles.filter { !attestation.principles.contains($0) }
        guard !open.isEmpty else { return [] }
        return [
            Shortfall(
                found + "\(open.listed).",
                fix: "Check \(open.listed) too, and add each to the principles of the attestation.")
        ]
    }

    /// Where the Article 6 basis asks for a gateway anyway, R-002 has spoken.
    private static func gateway(_ share: Share) -> [Shortfall] {
        guard !share.outside.isEmpty, share.gateways.isEmpty, share.asking("gateway").isEmpty else { return [] }
        return [
            Shortfall(
                "The protocol does not list \(share.outside.listed), and the label names no safeguarding law "
                    + "that permits sharing it.",
                fix: "Ask your information governance lead which Act permits it, and add it to the gateways.")
        ]
    }
}

extension Share {
    /// Categories in force that the protocol does not list.
    fileprivate var outside: [CatalogueEntry] {
        label.categories.compactMap { id in
            guard case .inForce(let entry) = catalogue.standing(id, of: Share.categoryKinds, on: date) else {
                return nil
            }
            return entry.facts.inProtocol ? nil : entry
        }
    }
}
