/// Every text member of every statement and card: how it is written, and how many bytes it has at most.
///
/// A tour through the tables of `Formats.md`. A member that is not here counts as `usual`, and a test fails until it is: so
/// that somebody has thought of its bound.
package enum StatementText {
    package struct Bound: Hashable, Sendable {
        package let shape: PlainText.Shape
        package let bytes: Int
    }

    /// All texts of one label together, in bytes and in number: what a partner makes our ledger keep.
    package static let mostLabelBytes = 16 * 1024
    package static let mostLabelTexts = 2000

    /// Ids, words, times, digests, names.
    private static let usual = Bound(shape: .line, bytes: 512)
    /// A person's words.
    private static let words = Bound(shape: .lines, bytes: 2000)

    package static func bound(of member: String) -> Bound { bounds[member] ?? usual }

    /// Whether somebody has thought of it.
    package static func knows(_ member: String) -> Bool { bounds[member] != nil }

    /// Of any member, in bytes.
    static let longest = bounds.values.map(\.bytes).max() ?? usual.bytes
    /// What every member may have, in bytes.
    static let least = bounds.values.map(\.bytes).min() ?? usual.bytes

    private static let bounds: [String: Bound] = {
        var bounds: [String: Bound] = [:]
        for name in short { bounds[name] = usual }
        for name in long { bounds[name] = words }
        // Of a file; that of an agency is looked at by `Card`.
        bounds["name"] = Bound(shape: .fileName, bytes: usual.bytes)
        // Base64 of at most 8 KiB.
        bounds["der"] = Bound(shape: .line, bytes: 10_924)
        // A signed note with its signatures.
        bounds["checkpoint"] = Bound(shape: .lines, bytes: 8 * 1024)
        return bounds
    }()

    private static let long = [
        "accuracy", "authority", "because", "compatibility", "consent", "explanation", "necessity", "reason", "request",
    ]

    private static let short = [
        // Statements and cards.
        "address", "at", "bind", "collectedAt", "consignment", "event", "fingerprint", "from", "fromIdentity", "id",
        "issuedAt", "issuer", "mediaType", "modified", "previous", "receivedAt", "replacement", "role",
        "sha256",
        "signedAt", "statement", "submittedBy", "supersedes", "to", "toIdentity", "validUntil", "version", "versions",
        "waybill",
        // Labels.
        "article6", "article9", "asOf", "categories", "caveats", "class", "classification", "confidentiality",
        "decidedBy", "gateways", "ground", "incapacity", "lawEnforcement", "nature", "on", "origin", "principles",
        "purpose", "ref", "regime", "reviewBy", "route", "schedule1", "schedule8", "status", "suggested", "transfer",
    ]
}
