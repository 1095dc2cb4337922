/// The recipient's signed statement: what it holds, its digest as computed there, when.
package struct Receipt: SignedContent, Hashable, Sendable {
    package static let statement = "receipt/v1"
    package static let event = "http://uri.etsi.org/19522/Event/ContentConsignment"

    package let consignment: ConsignmentID
    /// SHA-256 of the waybill JSON.
    package let waybill: Digest
    package let parties: Parties
    package let issuer: AgencyID
    /// As computed by the recipient over what it published.
    package let sha256: Digest
    package let size: Int64
    package let receivedAt: Instant
    package let signedAt: Instant
    /// The recipient's newest checkpoint: a signed note, verbatim.
    package let checkpoint: String

    package init(
        consignment: ConsignmentID, waybill: Digest, parties: Parties, sha256: Digest, size: Int64,
        receivedAt: Instant, signedAt: Instant, checkpoint: String
    ) {
        self.consignment = consignment
        self.waybill = waybill
        self.parties = parties
        self.issuer = parties.to
        self.sha256 = sha256
        self.size = size
        self.receivedAt = receivedAt
        self.signedAt = signedAt
        self.checkpoint = checkpoint
    }

    package var encoded: [UInt8] {
        var members = parties.members
        members["checkpoint"] = .string(checkpoint)
        members["consignment"] = .string(consignment.text)
        members["event"] = .string(Self.event)
        members["file"] = .object(["sha256": .string(sha256.hex), "size": .integer(size)])
        members["issuer"] = .string(issuer.text)
        members["receivedAt"] = .string(receivedAt.description)
        members["signedAt"] = .string(signedAt.description)
        members["statement"] = .string(Self.statement)
        members["waybill"] = .string(waybill.hex)
        return JSON.object(members).encoded
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "receipt")
        try m.statement(Self.statement)
        guard try m.string("event") == Self.event else { throw Malformed("receipt", "states another event") }
        var file = try JSONMembers(m.json("file"), of: "receipt file")
        self.init(
            consignment: try m.consignment("consignment"), waybill: try m.digest("waybill"),
            parties: try Parties(from: &m), sha256: try file.digest("sha256"), size: try file.integer("size"),
            receivedAt: try m.instant("receivedAt"), signedAt: try m.instant("signedAt"),
            checkpoint: try m.string("checkpoint"))
        guard try m.agency("issuer") == parties.to else {
            throw Malformed("receipt", "must be issued by the recipient")
        }
        try file.end()
        try m.end()
    }
}
