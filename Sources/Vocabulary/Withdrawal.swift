/// The sender's signed statement that a consignment under way will never be completed, such as when the file was
/// changed while it was being sent. Travels by `POST /v1/statements` or as a file beside the consignment.
package struct Withdrawal: SignedContent, Hashable, Sendable {
    package static let statement = "withdrawn/v1"

    package let consignment: ConsignmentID
    package let waybill: Digest
    package let parties: Parties
    package let issuer: AgencyID
    package let because: String
    package let signedAt: Instant

    package init(consignment: ConsignmentID, waybill: Digest, parties: Parties, because: String, signedAt: Instant) {
        self.consignment = consignment
        self.waybill = waybill
        self.parties = parties
        self.issuer = parties.from
        self.because = because
        self.signedAt = signedAt
    }

    package var encoded: [UInt8] {
        var members = parties.members
        members["because"] = .string(because)
        members["consignment"] = .string(consignment.text)
        members["issuer"] = .string(issuer.text)
        members["signedAt"] = .string(signedAt.description)
        members["statement"] = .string(Self.statement)
        members["waybill"] = .string(waybill.hex)
        return JSON.object(members).encoded
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "withdrawal")
        try m.statement(Self.statement)
        self.init(
            consignment: try m.consignment("consignment"), waybill: try m.digest("waybill"),
            parties: try Parties(from: &m), because: try m.string("because"), signedAt: try m.instant("signedAt"))
        guard because.utf8.count <= 2000 else { throw Malformed("withdrawal", "explains at too great length") }
        guard try m.agency("issuer") == parties.from else {
            throw Malformed("withdrawal", "must be issued by the sender")
        }
        try m.end()
    }
}
