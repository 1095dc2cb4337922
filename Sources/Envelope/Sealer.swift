package import Vocabulary

/// Seals messages to one recipient: AuthEnvelopedData (RFC 5083) with AES-256-GCM, a fresh content key for each.
/// `openssl cms -decrypt -inform DER -inkey sealing.key -recip sealing.pem` opens them.
package final class Sealer: Sendable {
    private let recipient: Certificate

    /// Errors: `.certificate(.role)`, `.certificate(.key)`. The key is validated here, once and not for each message.
    /// Validity in time is the caller's question.
    package init(recipient: Certificate) throws(EnvelopeError) {
        guard recipient.role == .sealing else { throw .certificate(.role) }
        guard recipient.publicKey.kind != .ed25519, recipient.publicKey.isSound else { throw .certificate(.key) }
        self.recipient = recipient
    }

    /// Message 0: the signed waybill.
    /// Errors: `.statement(.tooLarge)`, `.library`.
    package func sealWaybill(_ signed: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard signed.count + DERStream.overhead <= DERStream.waybillLimit else { throw .statement(.tooLarge) }
        let draft = try SealedDraft(to: recipient, count: signed.count)
        var message = draft.message(beginning: signed)
        try draft.seal(&message)
        return message
    }

    /// Message `index`: one part of `length` bytes, bound to its waybill and its place.
    /// - Parameter fill: writes all `length` bytes of the span. It is the memory that becomes the message: what is
    ///   read into
    ///   it is encrypted where it stands. It comes zeroed, so that a short read can give nothing away.
    package func sealPart(
        bind: Digest, index: Int, length: Int, fill: (inout MutableRawSpan) throws -> Void
    ) throws -> [UInt8] {
        precondition(index >= 1 && (0...PartHeader.longestPart).contains(length), "no such part")
        let draft = try SealedDraft(to: recipient, count: PartHeader.count + length)
        var message = draft.message(beginning: PartHeader.encode(bind: bind, index: index))
        let slot = (draft.content.lowerBound + PartHeader.count)..<draft.content.upperBound
        try unsafe message.withUnsafeMutableBytes { buffer in
            var span = unsafe MutableRawSpan(_unsafeBytes: buffer[slot])
            try fill(&span)
        }
        try draft.seal(&message)
        return message
    }
}
