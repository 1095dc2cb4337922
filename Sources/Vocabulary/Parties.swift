/// Who sent and who receives, by id and by identity key. The same four members stand in every statement about one
/// consignment, so that none can be lifted from one pair of agencies to another.
package struct Parties: Hashable, Sendable {
    package let from: AgencyID
    package let to: AgencyID
    package let fromIdentity: Fingerprint
    package let toIdentity: Fingerprint

    package init(from: AgencyID, to: AgencyID, fromIdentity: Fingerprint, toIdentity: Fingerprint) {
        self.from = from
        self.to = to
        self.fromIdentity = fromIdentity
        self.toIdentity = toIdentity
    }

    var members: [String: JSON] {
        [
            "from": .string(from.text), "fromIdentity": .string(fromIdentity.hex), "to": .string(to.text),
            "toIdentity": .string(toIdentity.hex),
        ]
    }

    init(from m: inout JSONMembers) throws(Malformed) {
        self.init(
            from: try m.agency("from"), to: try m.agency("to"), fromIdentity: try m.digest("fromIdentity"),
            toIdentity: try m.digest("toIdentity"))
    }
}
