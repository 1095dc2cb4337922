/// A folder of ours that is not, or not surely, the one that the ledger knows. Nothing is concluded from it, made in it
/// or taken out of it; what needed it waits and goes on by itself.
package struct PlaceMissing: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Why: Hashable, Sendable {
        /// The daemon has only begun.
        case notLookedAt
        /// There is no such folder.
        case gone
        /// It is there without any mark.
        case unmarked
        /// It carries another mark than the ledger remembers.
        case another
        /// A mount that nobody told us of.
        case unknown
        /// It is a mount of its own, apart from the staging of its partner: a rename cannot cross it.
        case apart
        /// It cannot be looked at.
        case unreadable(String)
        /// It is to be marked, and cannot be: read only, or full.
        case unmarkable(String)
    }

    /// Such as `outbox`, or `inbox/cleveland-police` for a mount below a root.
    package let place: String
    /// Where it is on disk.
    package let path: String
    package let why: Why

    package var description: String {
        "\(place)/ \(whatItIs). Nothing is taken from it, put into it or concluded from it. Mount what belongs at \(path): "
            + "it goes on by itself. If it was exchanged, moved or mounted on purpose: waybill check --accept \(path)"
    }

    private var whatItIs: String {
        switch why {
        case .notLookedAt: "has not been looked at yet"
        case .gone: "is not there"
        case .unmarked: "is there without its mark (.waybill-place-...), as when a disk or share is not mounted"
        case .another: "is not the folder that the ledger knows: it carries another mark (.waybill-place-...)"
        case .unknown: "is a mount or folder that the ledger does not know"
        case .apart:
            "is a mount of its own, apart from .staging/ of its partner: mount the partner's whole folder instead"
        case .unreadable(let trouble): "cannot be looked at: \(trouble)"
        case .unmarkable(let trouble): "cannot be marked yet, so nothing begins: \(trouble)"
        }
    }
}
