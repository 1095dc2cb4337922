internal import FoundationEssentials

/// An agency's public introduction, signed by its identity key: who it is, where it listens, which certificates it uses.
package struct Card: SignedContent, Hashable, Sendable {
    package static let statement = "card/v1"

    /// A role certificate that the identity issued. DER.
    package struct RoleCertificate: Hashable, Sendable {
        package let role: Role
        package let der: [UInt8]

        package init(role: Role, der: [UInt8]) {
            self.role = role
            self.der = der
        }
    }

    /// A certificate that must no longer be used, by the SHA-256 of its SubjectPublicKeyInfo.
    package struct Retired: Hashable, Sendable {
        package let fingerprint: Fingerprint
        package let role: Role
        package let at: Instant
        package let reason: String

        package init(fingerprint: Fingerprint, role: Role, at: Instant, reason: String) {
            self.fingerprint = fingerprint
            self.role = role
            self.at = at
            self.reason = reason
        }
    }

    package let id: AgencyID
    package let name: String
    /// `host:port`, or empty for an agency that is reached by folder only.
    package let address: String
    /// Increases with every card of this agency.
    package let serial: Int64
    /// SHA-256 of the former card as signed (DER).
    package let previous: Digest?
    package let issuedAt: Instant
    package let validUntil: Instant
    package let certificates: [RoleCertificate]
    package let retired: [Retired]
    /// Statement versions that this agency understands.
    package let versions: [String]

    package init(
        id: AgencyID, name: String, address: String, serial: Int64, previous: Digest?, issuedAt: Instant,
        validUntil: Instant, certificates: [RoleCertificate], retired: [Retired], versions: [String]
    ) throws(Malformed) {
        // What `PlainText` refuses besides may stand in a card of before.
        let printable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        guard (1...200).contains(name.utf8.count), printable else {
            throw Malformed("card", "name must have 1 to 200 bytes and no control characters")
        }
        guard address.utf8.count <= 260, address.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Malformed("card", "address must be host:port")
        }
        guard certificates.count <= 40, retired.count <= 400, versions.count <= 40 else {
            throw Malformed("card", "lists too many certificates")
        }
        self.id = id
        self.name = name
        self.address = address
        self.serial = serial
        self.previous = previous
        self.issuedAt = issuedAt
        self.validUntil = validUntil
        self.certificates = certificates
        self.retired = retired
        self.versions = versions
    }

    package var encoded: [UInt8] {
        var members: [String: JSON] = [
            "address": .string(address), "certificates": .array(certificates.map(\.json)), "id": .string(id.text),
            "issuedAt": .string(issuedAt.description), "name": .string(name), "retired": .array(retired.map(\.json)),
            "serial": .integer(serial), "statement": .string(Self.statement),
            "validUntil": .string(validUntil.description), "versions": .strings(versions),
        ]
        members["previous"] = previous.map { .string($0.hex) }
        return JSON.object(members).encoded
    }

    package init(parsing bytes: [UInt8]) throws(Malformed) {
        try self.init(JSON(parsing: bytes))
        if let fault = PlainText.fault(in: name, .line) { throw Malformed("name", "\(fault)") }
        // Foundation reads base64 with loose bits at its end, too.
        guard encoded == bytes else { throw Malformed("card", "is not in the one spelling that statements use") }
    }

    /// `encoded`, if every partner will take it.
    package var checked: [UInt8] {
        get throws(Malformed) {
            _ = try Card(parsing: encoded)
            return encoded
        }
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "card")
        try m.statement(Self.statement)
        let previous = try m.optionalString("previous")
        var certificates: [RoleCertificate] = []
        for json in try m.array("certificates") { certificates.append(try RoleCertificate(json)) }
        var retired: [Retired] = []
        for json in try m.array("retired") { retired.append(try Retired(json)) }
        try self.init(
            id: m.agency("id"), name: m.string("name"), address: m.string("address"), serial: m.integer("serial"),
            previous: previous == nil ? nil : Digest(hex: previous ?? ""), issuedAt: m.instant("issuedAt"),
            validUntil: m.instant("validUntil"), certificates: certificates, retired: retired,
            versions: m.strings("versions"))
        try m.end()
    }
}

/// What a key of an agency is for. Each role's certificate carries its own critical extended key usage.
package enum Role: String, Sendable, CaseIterable {
    case signing, sealing, tls, ledger
}

extension Role {
    init(from m: inout JSONMembers) throws(Malformed) {
        guard let role = Role(rawValue: try m.string("role")) else {
            throw Malformed("card", "names a role that this version does not know")
        }
        self = role
    }
}

extension Card.RoleCertificate {
    fileprivate var json: JSON {
        .object(["der": .string(Data(der).base64EncodedString()), "role": .string(role.rawValue)])
    }

    fileprivate init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "card certificate")
        guard let data = Data(base64Encoded: try m.string("der")), data.count <= 8192 else {
            throw Malformed("card certificate", "der must be base64 of at most 8 KiB")
        }
        try self.init(role: Role(from: &m), der: [UInt8](data))
        try m.end()
    }
}

extension Card.Retired {
    fileprivate var json: JSON {
        .object([
            "at": .string(at.description), "fingerprint": .string(fingerprint.hex), "reason": .string(reason),
            "role": .string(role.rawValue),
        ])
    }

    fileprivate init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "retired certificate")
        try self.init(
            fingerprint: m.digest("fingerprint"), role: Role(from: &m), at: m.instant("at"), reason: m.string("reason"))
        try m.end()
    }
}
