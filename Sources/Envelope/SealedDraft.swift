/// One AuthEnvelopedData in the making. Everything around the content is known before the content is there, so the
/// message is built once, front to back, and encrypted where it stands.
struct SealedDraft: ~Copyable {
    /// The tag as an OCTET STRING.
    private static let tagRoom = 2 + ContentCipher.tagCount

    /// All up to the ciphertext; that is followed by the tag and nothing else.
    private let head: [UInt8]
    private let count: Int
    private let nonce: [UInt8]
    private let key: Secret

    /// Where the content stands in the message.
    var content: Range<Int> { head.count..<(head.count + count) }

    init(to recipient: Certificate, count: Int) throws(EnvelopeError) {
        (nonce, self.count) = (Random.bytes(12), count)
        key = Secret.random(count: ContentCipher.keyCount)
        let front = DER.integer(0) + DER.set(try Self.recipientInfo(recipient, key))
        let inner = OID.data + Identifier.aes256GCM(nonce: nonce) + DER.header(DER.primitive(0), count: count)
        // From the innermost element outwards, because each length covers all that follows, written here or later.
        let later = count + Self.tagRoom
        let body = front + DER.header(DER.sequence, count: inner.count + count) + inner
        let enveloped = DER.header(DER.sequence, count: body.count + later) + body
        let info = OID.authEnvelopedData + DER.header(DER.context(0), count: enveloped.count + later) + enveloped
        head = DER.header(DER.sequence, count: info.count + later) + info
    }

    /// The message with the first bytes of the content in place and zeros for the rest of it and for the tag.
    func message(beginning start: [UInt8]) -> [UInt8] {
        var message = [UInt8](repeating: 0, count: content.upperBound + Self.tagRoom)
        message.replaceSubrange(..<head.count, with: head)
        message.replaceSubrange(head.count..<(head.count + start.count), with: start)
        return message
    }

    /// Encrypts the content and puts the tag behind it.
    consuming func seal(_ message: inout [UInt8]) throws(EnvelopeError) {
        let tag = try ContentCipher.seal(&message, content, key: key, nonce: nonce)
        message.replaceSubrange(content.upperBound..., with: DER.octets(tag))
    }

    private static func recipientInfo(
        _ recipient: Certificate, _ key: borrowing Secret
    ) throws(EnvelopeError) -> [UInt8] {
        guard recipient.publicKey.kind == .p256 else {
            let encrypted = try KeyWrap.encrypt(key, to: recipient.publicKey)
            return DER.sequence(
                DER.integer(0), recipient.issuerAndSerial, Identifier.oaepSHA256, DER.octets(encrypted))
        }
        let (point, wrapped) = try KeyWrap.agree(key, with: recipient.publicKey)
        let originator = DER.element(DER.context(1), DER.sequence(OID.ecPublicKey), DER.bits(point))
        return DER.element(
            DER.context(1), DER.integer(3), DER.element(DER.context(0), originator), Identifier.ecdhWrap,
            DER.sequence(DER.sequence(recipient.issuerAndSerial, DER.octets(wrapped))))
    }
}
