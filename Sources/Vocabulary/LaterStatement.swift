/// A signed statement about a consignment after its waybill, by either side: asked back, replaced, destroyed, kept,
/// misdirected. Travels by `POST /v1/statements` or as a file beside the consignment, sealed to the other side.
///
/// Never changes what a waybill or a receipt said: those stay as they were signed.
package struct LaterStatement: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        // The sender says.
        /// Please destroy it, and say so.
        case recall = "recall/v1"
        /// What was sent is wrong; `replacement` names the consignment that takes its place (UK GDPR 19, DPA 2018 s.38(5)).
        case correction = "correction/v1"
        // The recipient says.
        /// The answer to a recall: every copy under our control is destroyed.
        case destroyed = "destroyed/v1"
        /// The other answer to a recall: it is kept, and why.
        case retained = "retained/v1"
        /// It was not meant for us.
        case misdirected = "misdirected/v1"

        package var isSenders: Bool { self == .recall || self == .correction }
    }

    package let kind: Kind
    package let consignment: ConsignmentID
    /// SHA-256 of the waybill JSON.
    package let waybill: Digest
    /// The waybill's.
    package let parties: Parties
    /// In a person's words, at most 2,000 bytes.
    package let because: String
    package let replacement: ConsignmentID?
    package let signedAt: Instant

    package var issuer: AgencyID { kind.isSenders ? parties.from : parties.to }

    package init(
        _ kind: Kind, consignment: ConsignmentID, waybill: Digest, parties: Parties, because: String,
        replacement: ConsignmentID? = nil, signedAt: Instant
    ) {
        self.kind = kind
        self.consignment = consignment
        self.waybill = waybill
        self.parties = parties
        self.because = because
        self.replacement = replacement
        self.signedAt = signedAt
    }

    package var encoded: [UInt8] {
        var members = parties.members
        members["because"] = .string(because)
        members["consignment"] = .string(consignment.text)
        members["issuer"] = .string(issuer.text)
        members["replacement"] = replacement.map { .string($0.text) }
        members["signedAt"] = .string(signedAt.description)
        members["statement"] = .string(kind.rawValue)
        members["waybill"] = .string(waybill.hex)
        return JSON.object(members).encoded
    }

    package init(parsing bytes: [UInt8]) throws(Malformed) {
        var m = try JSONMembers(JSON(parsing: bytes), of: "statement")
        guard let kind = Kind(rawValue: try m.string("statement")) else {
            throw Malformed("statement", "is of a kind that this version does not know")
        }
        let replacement = try m.optionalString("replacement")
        self.init(
            kind, consignment: try m.consignment("consignment"), waybill: try m.digest("waybill"),
            parties: try Parties(from: &m), because: try m.string("because"),
            replacement: replacement == nil ? nil : try ConsignmentID(replacement ?? ""),
            signedAt: try m.instant("signedAt"))
        guard because.utf8.count <= 2000 else { throw Malformed("statement", "explains at too great length") }
        guard (self.replacement != nil) == (kind == .correction) else {
            throw Malformed("statement", "names a replacement if and only if it is a correction")
        }
        guard try m.agency("issuer") == issuer else { throw Malformed("statement", "is issued by the wrong side") }
        try m.end()
    }
}
