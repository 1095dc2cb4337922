internal import Ledger
internal import Premises
internal import Proofs
internal import TransportHTTPS

/// Errors in words for people.
enum Explained {
    /// On one line.
    static func words(of error: any Error) -> String {
        switch error {
        case let trouble as Trouble: "\(trouble.what) \(trouble.why)"
        case let trouble as LedgerTrouble: trouble.words
        case is ControlClient.Failure: "\(misunderstood.what) \(misunderstood.why)"
        default: "\(error)"
        }
    }

    /// What, why and what to do.
    static func whole(_ error: any Error) -> String {
        if error is ControlClient.Failure { return "\(misunderstood)" }
        if let objection = error as? ProofObjection { return "\(Trouble(objection))" }
        if let trouble = error as? ZipTrouble { return "\(Trouble(trouble))" }
        guard let trouble = error as? LedgerTrouble else { return "\(error)" }
        let fix =
            switch trouble {
            case .busy: "Try again in a moment."
            case .full: "Free some space on the disk of the ledger."
            case .refused: "See waybill ledger show ID for where it stands."
            case .broken: "Run waybill check and waybill ledger check."
            }
        return "\(Trouble("The ledger could not do it.", why: trouble.words, fix: fix))"
    }

    private static let misunderstood = Trouble(
        "The daemon did not give an answer that is understood.", why: "It stopped meanwhile, or is of another version.",
        fix: "Restart it, and try again: systemctl restart waybilld")
}
