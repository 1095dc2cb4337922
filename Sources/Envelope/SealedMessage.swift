/// An AuthEnvelopedData of the one accepted shape, read but not opened. This reader stands before libcrypto and lets
/// through only what `Formats.md` lists, because stock readers also accept short tags, other modes and more recipients.
///
/// Version 0; no originatorInfo; one recipient; id-data; AES-256-GCM with a nonce of 12 and a tag of 16 bytes; no
/// attributes, authenticated or not; nothing trailing.
struct SealedMessage {
    enum Recipient {
        /// Ephemeral-static ECDH on P-256 (RFC 5753): the sender's point (65 bytes), the wrapped key (40 bytes).
        case agreement(point: [UInt8], wrapped: [UInt8])
        /// RSA-OAEP with SHA-256 (RFC 3560).
        case transport(encrypted: [UInt8])
    }

    let recipient: Recipient
    /// IssuerAndSerialNumber, or the subject key identifier tagged [0]: a complete DER element.
    let recipientID: [UInt8]
    let nonce: [UInt8]
    /// Where the ciphertext stands in the message.
    let ciphertext: Range<Int>
    let tag: [UInt8]

    init(_ bytes: [UInt8]) throws(NotDER) {
        var outer = DERReader(bytes)
        var info = try outer.enter(DER.sequence)
        try outer.finish()
        try info.expect(OID.authEnvelopedData)
        var explicit = try info.enter(DER.context(0))
        try info.finish()
        var body = try explicit.enter(DER.sequence)
        try explicit.finish()
        try body.expect(DER.integer(0))
        var recipients = try body.enter(DER.set)
        (recipientID, recipient) = try Self.recipient(&recipients)
        try recipients.finish()
        var encrypted = try body.enter(DER.sequence)
        try encrypted.expect(OID.data)
        nonce = try Self.nonce(of: encrypted.enter(DER.sequence))
        ciphertext = try encrypted.content(DER.primitive(0))
        try encrypted.finish()
        tag = try body.octets(count: 16)
        try body.finish()
    }

    private static func nonce(of algorithm: DERReader) throws(NotDER) -> [UInt8] {
        var reader = algorithm
        try reader.expect(OID.aes256GCM)
        var parameters = try reader.enter(DER.sequence)
        try reader.finish()
        let nonce = try parameters.octets(count: 12)
        try parameters.expect(DER.integer(16))
        try parameters.finish()
        return nonce
    }

    private static func recipient(_ set: inout DERReader) throws(NotDER) -> ([UInt8], Recipient) {
        if var agreement = try set.enterIfPresent(DER.context(1)) { return try Self.agreement(&agreement) }
        var transport = try set.enter(DER.sequence)
        return try Self.transport(&transport)
    }

    /// KeyAgreeRecipientInfo (RFC 5652, 6.2.2) without user keying material.
    private static func agreement(_ reader: inout DERReader) throws(NotDER) -> ([UInt8], Recipient) {
        try reader.expect(DER.integer(3))
        var originator = try reader.enter(DER.context(0))
        var ephemeral = try originator.enter(DER.context(1))
        try originator.finish()
        // RFC 5753, 3.1.1: the parameters are absent, as openssl writes them.
        try ephemeral.expect(DER.sequence(OID.ecPublicKey))
        let point = try ephemeral.bits()
        try ephemeral.finish()
        guard point.count == 65, point[0] == 4 else { throw NotDER() }
        try reader.expect(Identifier.ecdhWrap)
        var keys = try reader.enter(DER.sequence)
        try reader.finish()
        var key = try keys.enter(DER.sequence)
        try keys.finish()
        let id = try key.whole(key.tag == DER.context(0) ? DER.context(0) : DER.sequence)
        let wrapped = try key.octets(count: 40)
        try key.finish()
        return (id, .agreement(point: point, wrapped: wrapped))
    }

    /// KeyTransRecipientInfo (RFC 5652, 6.2.1): version 0 names issuer and serial, version 2 the key identifier.
    private static func transport(_ reader: inout DERReader) throws(NotDER) -> ([UInt8], Recipient) {
        let named = reader.skip(DER.integer(0))
        if !named { try reader.expect(DER.integer(2)) }
        let id = try reader.whole(named ? DER.sequence : DER.primitive(0))
        guard Identifier.oaepSHA256s.contains(try reader.whole(DER.sequence)) else { throw NotDER() }
        let encrypted = try reader.octets()
        try reader.finish()
        return (id, .transport(encrypted: encrypted))
    }
}
