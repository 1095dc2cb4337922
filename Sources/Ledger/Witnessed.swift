package import Vocabulary

/// A partner's checkpoint as we have seen and countersigned it: from here on its ledger may only grow.
package struct WitnessedHead: Hashable, Sendable {
    package let partner: AgencyID
    package let checkpoint: Checkpoint
    /// The signed note, verbatim, with our countersignature under it.
    package let note: String
    package let at: Instant

    package init(partner: AgencyID, checkpoint: Checkpoint, note: String, at: Instant) {
        self.partner = partner
        self.checkpoint = checkpoint
        self.note = note
        self.at = at
    }
}

/// A checkpoint of ours with a partner's countersignature: the partner cannot deny having seen it, and when.
package struct Countersigned: Hashable, Sendable {
    package let partner: AgencyID
    package let size: Int64
    /// The time inside the countersignature: the partner's clock, to the second.
    package let at: Instant
    /// Our signed note with the partner's countersignature under it.
    package let note: String

    package init(partner: AgencyID, size: Int64, at: Instant, note: String) {
        self.partner = partner
        self.size = size
        self.at = at
        self.note = note
    }
}

/// An RFC 3161 token over the body of a checkpoint of ours.
package struct TimeToken: Hashable, Sendable {
    package let size: Int64
    /// genTime, as the authority says.
    package let at: Instant
    /// The signed note whose body was stamped.
    package let note: String
    /// TimeStampToken (CMS SignedData, DER), verbatim.
    package let token: [UInt8]

    package init(size: Int64, at: Instant, note: String, token: [UInt8]) {
        self.size = size
        self.at = at
        self.note = note
        self.token = token
    }
}
