/// The recipient's signed and final statement that it did not take a consignment, and why.
///
/// Only for a waybill that verified. Whatever may pass (full disk, busy ledger) is never a refusal but "try later".
package struct Refusal: SignedContent, Hashable, Sendable {
    package static let statement = "refusal/v1"
    package static let event = "http://uri.etsi.org/19522/Event/ContentConsignmentFailure"

    /// Why, as a word that programs act on.
    package enum Reason: String, Sendable, CaseIterable {
        case notForUs = "not-for-us"
        case policy
        case wholeFileMismatch = "whole-file-mismatch"
        /// The same id came before with another waybill.
        case conflict
        /// The sender took it back before it was published.
        case withdrawn
    }

    package let consignment: ConsignmentID
    package let waybill: Digest
    package let parties: Parties
    package let issuer: AgencyID
    package let reason: Reason
    /// One or two sentences for a person, at most 2,000 bytes.
    package let explanation: String
    package let signedAt: Instant

    package init(
        consignment: ConsignmentID, waybill: Digest, parties: Parties, reason: Reason, explanation: String,
        signedAt: Instant
    ) {
        self.consignment = consignment
        self.waybill = waybill
        self.parties = parties
        self.issuer = parties.to
        self.reason = reason
        self.explanation = explanation
        self.signedAt = signedAt
    }

    package var encoded: [UInt8] {
        var members = parties.members
        members["consignment"] = .string(consignment.text)
        members["event"] = .string(Self.event)
        members["explanation"] = .string(explanation)
        members["issuer"] = .string(issuer.text)
        members["reason"] = .string(reason.rawValue)
        members["signedAt"] = .string(signedAt.description)
        members["statement"] = .string(Self.statement)
        members["waybill"] = .string(waybill.hex)
        return JSON.object(members).encoded
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "refusal")
        try m.statement(Self.statement)
        guard try m.string("event") == Self.event else { throw Malformed("refusal", "states another event") }
        guard let reason = Reason(rawValue: try m.string("reason")) else {
            throw Malformed("refusal", "gives a reason that this version does not know")
        }
        self.init(
            consignment: try m.consignment("consignment"), waybill: try m.digest("waybill"),
            parties: try Parties(from: &m), reason: reason, explanation: try m.string("explanation"),
            signedAt: try m.instant("signedAt"))
        guard explanation.utf8.count <= 2000 else { throw Malformed("refusal", "explains at too great length") }
        guard try m.agency("issuer") == parties.to else {
            throw Malformed("refusal", "must be issued by the recipient")
        }
        try m.end()
    }
}
