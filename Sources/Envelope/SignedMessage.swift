internal import Vocabulary

/// A SignedData of the one accepted shape, read but not verified: nothing in it may be believed yet.
///
/// Definite DER, nothing trailing; version 1; SHA-256; content attached, of type id-data; one certificate, no
/// revocation lists; one signer named by issuer and serial; attributes of a closed list in DER order; no unsigned
/// attributes.
struct SignedMessage {
    let content: [UInt8]
    let certificate: [UInt8]
    /// IssuerAndSerialNumber of the signer.
    let signer: [UInt8]
    /// The attributes as the SET OF that was signed.
    let signedBytes: [UInt8]
    let attributes: SignedAttributes
    /// AlgorithmIdentifier.
    let algorithm: [UInt8]
    let signature: [UInt8]

    init(_ der: [UInt8]) throws(NotDER) {
        var outer = DERReader(der)
        var info = try outer.enter(DER.sequence)
        try outer.finish()
        try info.expect(OID.signedData)
        var explicit = try info.enter(DER.context(0))
        try info.finish()
        var body = try explicit.enter(DER.sequence)
        try explicit.finish()
        try body.expect(DER.integer(1))
        try Self.sha256(of: body.enter(DER.set))
        content = try Self.content(of: body.enter(DER.sequence))
        certificate = try Self.only(body.enter(DER.context(0)))
        var signers = try body.enter(DER.set)
        try body.finish()
        var one = try signers.enter(DER.sequence)
        try signers.finish()
        try one.expect(DER.integer(1))
        signer = try one.whole(DER.sequence)
        guard Identifier.sha256s.contains(try one.whole(DER.sequence)) else { throw NotDER() }
        var tagged = try one.whole(DER.context(0))
        tagged[0] = DER.set
        signedBytes = tagged
        attributes = try SignedAttributes(tagged)
        algorithm = try one.whole(DER.sequence)
        signature = try one.octets()
        try one.finish()
    }

    private static func sha256(of set: DERReader) throws(NotDER) {
        guard Identifier.sha256s.contains(try only(set)) else { throw NotDER() }
    }

    private static func content(of encapsulated: DERReader) throws(NotDER) -> [UInt8] {
        var reader = encapsulated
        try reader.expect(OID.data)
        var explicit = try reader.enter(DER.context(0))
        try reader.finish()
        let content = try explicit.octets()
        try explicit.finish()
        return content
    }

    /// The one SEQUENCE that a set holds.
    private static func only(_ set: DERReader) throws(NotDER) -> [UInt8] {
        var reader = set
        let element = try reader.whole(DER.sequence)
        try reader.finish()
        return element
    }
}

/// What the signed attributes claim.
struct SignedAttributes {
    let signingTime: Instant
    let messageDigest: [UInt8]
    /// The whole attribute, to be compared with those that fit the certificate.
    let signingCertificate: [UInt8]

    /// Reads a SET OF. Each attribute has one value and occurs once. S/MIME capabilities are let in and mean nothing
    /// here: stock openssl writes them.
    init(_ set: [UInt8]) throws(NotDER) {
        var outer = DERReader(set)
        var members = try outer.enter(DER.set)
        var all: [[UInt8]] = []
        while !members.isAtEnd { all.append(try members.whole(DER.sequence)) }
        guard zip(all, all.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) else { throw NotDER() }
        let known = [OID.signingTime, OID.messageDigest, OID.signingCertificateV2, OID.smimeCapabilities]
        var found: [[UInt8]: [UInt8]] = [:]
        for attribute in all where attribute != SignedAttribute.contentType {
            let id = try Self.id(attribute)
            guard known.contains(id), found.updateValue(attribute, forKey: id) == nil else { throw NotDER() }
        }
        guard all.contains(SignedAttribute.contentType), let time = found[OID.signingTime],
            let digest = found[OID.messageDigest], let certificate = found[OID.signingCertificateV2]
        else { throw NotDER() }
        var timeValue = try Self.value(time)
        signingTime = try DERTime.read(&timeValue)
        try timeValue.finish()
        var digestValue = try Self.value(digest)
        messageDigest = try digestValue.octets(count: 32)
        try digestValue.finish()
        signingCertificate = certificate
    }

    private static func id(_ attribute: [UInt8]) throws(NotDER) -> [UInt8] {
        var outer = DERReader(attribute)
        var inner = try outer.enter(DER.sequence)
        return try inner.whole(DER.oid)
    }

    private static func value(_ attribute: [UInt8]) throws(NotDER) -> DERReader {
        var outer = DERReader(attribute)
        var inner = try outer.enter(DER.sequence)
        _ = try inner.whole(DER.oid)
        let values = try inner.enter(DER.set)
        try inner.finish()
        return values
    }
}
