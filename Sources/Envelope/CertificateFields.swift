internal import Vocabulary

/// What Waybill reads in an X.509 version 3 certificate (RFC 5280), by its own reader.
struct CertificateFields {
    /// Complete DER elements, as they stand in the certificate.
    let serial, issuer, subject, spki: [UInt8]
    let notBefore, notAfter: Instant
    private let extensions: [Extension]

    private struct Extension {
        let id: [UInt8]
        let isCritical: Bool
        let value: [UInt8]
    }

    init(_ der: [UInt8]) throws(NotDER) {
        var outer = DERReader(der)
        var certificate = try outer.enter(DER.sequence)
        try outer.finish()
        var body = try certificate.enter(DER.sequence)
        try body.expect(DER.element(DER.context(0), DER.integer(2)))
        serial = try body.whole(DER.integer)
        _ = try body.content(DER.sequence)
        issuer = try body.whole(DER.sequence)
        var validity = try body.enter(DER.sequence)
        notBefore = try DERTime.read(&validity)
        notAfter = try DERTime.read(&validity)
        try validity.finish()
        subject = try body.whole(DER.sequence)
        spki = try body.whole(DER.sequence)
        extensions = try Self.extensions(&body)
        try body.finish()
    }

    private static func extensions(_ body: inout DERReader) throws(NotDER) -> [Extension] {
        guard var explicit = try body.enterIfPresent(DER.context(3)) else { return [] }
        var list = try explicit.enter(DER.sequence)
        try explicit.finish()
        var found: [Extension] = []
        while !list.isAtEnd {
            var one = try list.enter(DER.sequence)
            let id = try one.whole(DER.oid)
            let isCritical = one.skip([0x01, 0x01, 0xff])
            found.append(Extension(id: id, isCritical: isCritical, value: try one.octets()))
            try one.finish()
            guard found.dropLast().allSatisfy({ $0.id != id }) else { throw NotDER() }
        }
        return found
    }

    /// The role whose purposes are exactly those of a critical extended key usage, in any order. Whoever may issue
    /// certificates has none: what it issues would count as the identity's.
    var role: Role? {
        guard !mayIssue, let usage = value(of: OID.extendedKeyUsage, critical: true) else { return nil }
        return Role.allCases.first { role in
            guard let listed = try? Self.purposes(usage) else { return false }
            return listed.count == role.keyPurposes.count && Set(listed) == Set(role.keyPurposes)
        }
    }

    /// The key identifier by which a CMS recipient or an issuer may be named.
    var subjectKeyIdentifier: [UInt8]? {
        guard let found = value(of: OID.subjectKeyIdentifier, critical: false) else { return nil }
        var reader = DERReader(found)
        return try? reader.octets()
    }

    /// As an identity must be: it says so in a critical extension.
    var isAuthority: Bool { value(of: OID.basicConstraints, critical: true).map(Self.saysAuthority) ?? false }

    /// Unless it says nothing of it, or that it may not: an empty SEQUENCE, in the one spelling that it has.
    private var mayIssue: Bool {
        extensions.contains { $0.id == OID.basicConstraints && $0.value != DER.sequence() }
    }

    private static func saysAuthority(_ constraints: [UInt8]) -> Bool {
        var reader = DERReader(constraints)
        guard var inside = try? reader.enter(DER.sequence) else { return false }
        return inside.skip([0x01, 0x01, 0xff])
    }

    private func value(of id: [UInt8], critical: Bool) -> [UInt8]? {
        extensions.first { $0.id == id && $0.isCritical == critical }?.value
    }

    private static func purposes(_ value: [UInt8]) throws(NotDER) -> [[UInt8]] {
        var outer = DERReader(value)
        var list = try outer.enter(DER.sequence)
        var purposes: [[UInt8]] = []
        while !list.isAtEnd { purposes.append(try list.whole(DER.oid)) }
        return purposes
    }
}
