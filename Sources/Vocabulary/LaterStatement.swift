/// A signed statement about a consignment after its waybill, by either side: asked back, replaced, destroyed, kept,
/// misdirected, collected, accepted, not collected. Travels by `POST /v1/statements` or as a file beside the consignment, sealed to the other side.
///
/// Never changes what a waybill or a receipt said: those stay as they were signed.
package struct LaterStatement: SignedContent, Hashable, Sendable {
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
        /// Our daemon saw the file leave the inbox, or be opened there; `because` is a `Collection`, `moment` when.
        case handover = "handover/v1"
        /// A person of ours takes it on; the reason may be left out.
        case acceptance = "acceptance/v1"
        /// Our daemon published it at `moment`, and nobody has collected it in the time that our settings give.
        case uncollected = "uncollected/v1"

        package var isSenders: Bool { self == .recall || self == .correction }
    }

    /// How the kernel saw a file being collected: all that can be known of a program that does not speak to us.
    package enum Collection: String, Sendable, CaseIterable {
        /// A program opened it where it was published.
        case opened
        /// It was renamed to another place.
        case moved
        /// It is no longer there: deleted, replaced, or taken while nobody watched.
        case removed
    }

    package let kind: Kind
    package let consignment: ConsignmentID
    /// SHA-256 of the waybill JSON.
    package let waybill: Digest
    /// The waybill's.
    package let parties: Parties
    /// In a person's words, at most 2,000 bytes; of a handover a `Collection`; empty where a kind has none.
    package let because: String
    package let replacement: ConsignmentID?
    /// Of a handover when it was collected, of an uncollected one when it was received.
    package let moment: Instant?
    package let signedAt: Instant

    package var issuer: AgencyID { kind.isSenders ? parties.from : parties.to }

    package init(
        _ kind: Kind, consignment: ConsignmentID, waybill: Digest, parties: Parties, because: String,
        replacement: ConsignmentID? = nil, moment: Instant? = nil, signedAt: Instant
    ) {
        self.kind = kind
        self.consignment = consignment
        self.waybill = waybill
        self.parties = parties
        self.because = because
        self.replacement = replacement
        self.moment = moment
        self.signedAt = signedAt
    }

    package var encoded: [UInt8] {
        var members = parties.members
        if kind.alwaysExplains || !because.isEmpty { members["because"] = .string(because) }
        members["consignment"] = .string(consignment.text)
        members["event"] = kind.event.map(JSON.string)
        if let name = kind.momentName { members[name] = moment.map { .string($0.description) } }
        members["issuer"] = .string(issuer.text)
        members["replacement"] = replacement.map { .string($0.text) }
        members["signedAt"] = .string(signedAt.description)
        members["statement"] = .string(kind.rawValue)
        members["waybill"] = .string(waybill.hex)
        return JSON.object(members).encoded
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "statement")
        guard let kind = Kind(rawValue: try m.string("statement")) else {
            throw Malformed("statement", "is of a kind that this version does not know")
        }
        let replacement = try m.optionalString("replacement")
        let because = kind.alwaysExplains ? try m.string("because") : try m.optionalString("because")
        guard try m.optionalString("event") == kind.event else {
            throw Malformed("statement", "names another event than that of its kind")
        }
        self.init(
            kind, consignment: try m.consignment("consignment"), waybill: try m.digest("waybill"),
            parties: try Parties(from: &m), because: because ?? "",
            replacement: replacement == nil ? nil : try ConsignmentID(replacement ?? ""),
            moment: try kind.momentName.map { name throws(Malformed) in try m.instant(name) },
            signedAt: try m.instant("signedAt"))
        try requireSense(isExplained: because != nil)
        guard try m.agency("issuer") == issuer else { throw Malformed("statement", "is issued by the wrong side") }
        try m.end()
    }

    private func requireSense(isExplained: Bool) throws(Malformed) {
        guard because.utf8.count <= 2000 else { throw Malformed("statement", "explains at too great length") }
        guard (replacement != nil) == (kind == .correction) else {
            throw Malformed("statement", "names a replacement if and only if it is a correction")
        }
        switch kind {
        case .handover where Collection(rawValue: because) == nil:
            throw Malformed("statement", "tells of a collection in a word that this version does not know")
        case .acceptance where isExplained && because.isEmpty, .uncollected where isExplained:
            throw Malformed("statement", "explains where nothing is to be said")
        default: break
        }
        if let moment, moment > signedAt { throw Malformed("statement", "tells of what lies after its signing") }
    }
}

extension LaterStatement.Kind {
    /// Of ETSI EN 319 522, as receipts name theirs; the kinds before this one name none.
    package var event: String? {
        switch self {
        case .handover: "http://uri.etsi.org/19522/Event/ContentHandover"
        case .acceptance: "http://uri.etsi.org/19522/Event/ConsignmentAcceptance"
        case .uncollected: "http://uri.etsi.org/19522/Event/ContentHandoverFailure"
        case .recall, .correction, .destroyed, .retained, .misdirected: nil
        }
    }

    /// Whether `because` is always there, even if it is empty.
    fileprivate var alwaysExplains: Bool { self != .acceptance && self != .uncollected }

    fileprivate var momentName: String? {
        switch self {
        case .handover: "collectedAt"
        case .uncollected: "receivedAt"
        default: nil
        }
    }
}
