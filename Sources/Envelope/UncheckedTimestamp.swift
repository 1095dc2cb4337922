/// A TimeStampToken of a shape that we understand, read but not verified: nothing in it may be believed yet.
///
/// Stands in front of libcrypto's PKCS #7 reader, and is stricter: definite DER, nothing trailing; version 3; one
/// signer by issuer and serial (version 1) with SHA-2; its certificate inside, no revocation lists; signed attributes
/// once each, those that libcrypto looks into of the right type (it has trusted that more than once); no unsigned ones.
struct UncheckedTimestamp {
    let info: TimestampInfo

    init(_ der: [UInt8]) throws(NotDER) {
        var outer = DERReader(der)
        var content = try outer.enter(DER.sequence)
        try outer.finish()
        try content.expect(OID.signedData)
        var explicit = try content.enter(DER.context(0))
        try content.finish()
        var body = try explicit.enter(DER.sequence)
        try explicit.finish()
        try body.expect(DER.integer(3))
        _ = try body.enter(DER.set)
        info = try TimestampInfo(Self.stamped(body.enter(DER.sequence)))
        guard try !body.enter(DER.context(0)).isAtEnd else { throw NotDER() }
        var signers = try body.enter(DER.set)
        try body.finish()
        try Self.requireSigner(signers.enter(DER.sequence))
        try signers.finish()
    }

    /// The octets of the TSTInfo.
    private static func stamped(_ encapsulated: DERReader) throws(NotDER) -> [UInt8] {
        var reader = encapsulated
        try reader.expect(OID.timestampInfo)
        var explicit = try reader.enter(DER.context(0))
        try reader.finish()
        let content = try explicit.octets()
        try explicit.finish()
        return content
    }

    private static func requireSigner(_ signer: DERReader) throws(NotDER) {
        var reader = signer
        try reader.expect(DER.integer(1))
        _ = try reader.enter(DER.sequence)
        guard Identifier.sha2s.contains(try reader.whole(DER.sequence)) else { throw NotDER() }
        try requireAttributes(reader.enter(DER.context(0)))
        _ = try reader.enter(DER.sequence)
        _ = try reader.octets()
        try reader.finish()
    }

    private static func requireAttributes(_ attributes: DERReader) throws(NotDER) {
        var reader = attributes
        var found: [[UInt8]: [UInt8]] = [:]
        while !reader.isAtEnd {
            var one = try reader.enter(DER.sequence)
            let id = try one.whole(DER.oid)
            guard found.updateValue(try one.whole(DER.set), forKey: id) == nil else { throw NotDER() }
            try one.finish()
        }
        guard found[OID.contentType] == DER.set(OID.timestampInfo), let digest = found[OID.messageDigest] else {
            throw NotDER()
        }
        let certificates = [OID.signingCertificate, OID.signingCertificateV2].compactMap { found[$0] }
        guard !certificates.isEmpty else { throw NotDER() }
        try requireOne(DER.octets, in: digest)
        for named in certificates { try requireOne(DER.sequence, in: named) }
    }

    /// A SET of one element with this tag.
    private static func requireOne(_ tag: UInt8, in set: [UInt8]) throws(NotDER) {
        var outer = DERReader(set)
        var values = try outer.enter(DER.set)
        _ = try values.whole(tag)
        try values.finish()
    }
}
