package import Vocabulary

/// Why a proof could not be made or read. What is wrong *with* a proof stands in its `ProofReport` instead.
package enum ProofTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// The consignment has neither a receipt nor a refusal yet.
    case notEnded
    /// Retention has erased a statement that the proof needs.
    case erased
    /// No card of this agency by the identity of the waybill is known here.
    case noCard(AgencyID)
    /// The folder to be written exists and holds something.
    case notEmpty
    /// The folder cannot be read or written; why.
    case folder(String)
    /// What was to be written does not verify; what and why.
    case unsound(what: String, why: String)

    package var description: String {
        switch self {
        case .notEnded:
            "there is nothing to prove yet: the consignment has neither receipt nor refusal. See waybill ledger show ID"
        case .erased:
            "the ledger no longer holds the signed statements of this consignment: retention erased them. A proof that "
                + "was made before stays valid"
        case .noCard(let id):
            "no card of \(id) by the identity that the waybill names is here, and a proof holds both cards. Put it back: "
                + "waybill partner add CARD --fingerprint SHA256"
        case .notEmpty: "the folder for the proof is not empty, and nothing is overwritten. Name a new folder"
        case .folder(let why):
            "the folder of the proof cannot be used: \(why). Check the path, permissions and free space"
        case .unsound(let what, let why):
            "no proof was written, because it would not verify: \(what): \(why). Run waybill ledger check; a proof that was made "
                + "before still shows what was seen then"
        }
    }
}

/// The first thing in a proof that does not hold.
struct ProofFault: Error {
    /// A file of the proof, or what was compared with it.
    let what: String
    let why: String

    init(_ what: String, _ why: String) {
        self.what = what
        self.why = why
    }
}
