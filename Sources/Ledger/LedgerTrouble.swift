/// What went wrong with the ledger, by what the caller should do.
package enum LedgerTrouble: Error, Hashable, Sendable {
    /// Another process holds it: try again.
    case busy(String)
    /// No space: try again when there is.
    case full(String)
    /// This append alone makes no sense after what is there, such as a delivery of what was withdrawn. Nothing was
    /// written; the ledger is well.
    case refused(String)
    /// Append-only rule, damage or a failed sync: stop the daemon.
    case broken(String)

    /// What happened, for people and logs.
    package var words: String {
        switch self {
        case .busy(let why), .full(let why), .refused(let why), .broken(let why): why
        }
    }

    /// The same of any error.
    package static func words(of error: any Error) -> String { (error as? LedgerTrouble)?.words ?? "\(error)" }
}
