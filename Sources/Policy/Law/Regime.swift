package import Vocabulary

/// The law under which one party processes. Judged separately for sender and recipient: police to council is Part 3
/// on the way out and UK GDPR on the way in.
package enum Regime: String, Hashable, Sendable, CaseIterable {
    case ukGDPR = "uk-gdpr"
    /// DPA 2018 Part 3: a competent authority, for a law enforcement purpose.
    case part3 = "dpa-part-3"
}

extension Share {
    /// The sender's is what its label says, and R-040 asks whether that can be. A recipient is under Part 3 only where
    /// it is a competent authority that takes the file for law enforcement (DPA 2018 ss.29-31).
    package func regime(of agency: AgencyID) -> Regime {
        if agency == sender { return isPart3 ? .part3 : .ukGDPR }
        switch competence(of: agency) {
        case .no: return .ukGDPR
        case .limited: return isRouteForLawEnforcement ? .part3 : .ukGDPR
        case .yes: return isRouteForLawEnforcement || isMeantForLawEnforcement ? .part3 : .ukGDPR
        }
    }

    var isRouteForLawEnforcement: Bool { route?.lawEnforcement ?? false }

    /// A purpose of s.31 under Part 3, or a disclosure under the UK GDPR about an unlawful act (Sch 1 para 10).
    private var isMeantForLawEnforcement: Bool {
        (isPart3 && lawEnforcementPurpose != nil) || schedule1.contains { $0.facts.isForUnlawfulActs }
    }
}

extension CatalogueEntry.Facts {
    /// Schedule 1 para 10 alone treats a disclosure to a competent authority apart.
    fileprivate var isForUnlawfulActs: Bool { policyDocument == .unlessToCompetentAuthority }
}
