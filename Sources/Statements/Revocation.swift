internal import Envelope
package import Vocabulary

/// That a person ended the exchange with a partner at once, and why. Unlike one that was removed, a revoked partner is
/// remembered: whoever adds it again is told.
package struct Revocation: Hashable, Sendable {
    package let id: AgencyID
    package let identity: Fingerprint
    package let at: Instant
    package let by: String
    package let because: String

    package init(_ id: AgencyID, identity: Fingerprint, at: Instant, by: String, because: String) {
        (self.id, self.identity, self.at, self.by, self.because) = (id, identity, at, by, because)
    }

    package var words: String { "It was revoked on \(at.date) by \(by): \(because)" }

    /// As it lies beside the card.
    package var bytes: [UInt8] {
        JSON.object([
            "at": .string(at.description), "because": .string(because), "by": .string(by), "id": .string(id.text),
            "identity": .string(identity.hex),
        ]).encoded
    }

    package init(parsing bytes: [UInt8]) throws(Malformed) {
        var m = try JSONMembers(JSON(kept: bytes), of: "revocation")
        self.init(
            try m.agency("id"), identity: try m.digest("identity"), at: try m.instant("at"), by: try m.string("by"),
            because: try m.string("because"))
        try m.end()
    }

    /// Why a file of theirs does not go.
    package var finding: Finding {
        Finding(
            rule: "revoked", citation: "UK GDPR Art 32(1)(b)", found: "Exchange with \(id) was ended. \(words)",
            fix: "Take the file out of held/. If they become a partner again, drop it into the outbox anew; else say: "
                + "waybill reject ID --because TEXT")
    }
}
