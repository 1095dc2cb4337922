package import Vocabulary

/// Opens what was sealed to one of our keys. Every failure is `.cannotBeOpened`, whatever the reason.
package final class Opener: Sendable {
    private let keys: [OpeningKey]

    package init(keys: [OpeningKey]) { self.keys = keys }

    /// Message 0: the signed waybill, still to be verified.
    package func openWaybill(_ message: consuming [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard message.count <= DERStream.waybillLimit else { throw .cannotBeOpened }
        let content = try open(&message)
        return Array(message[content])
    }

    /// Message `index`: the bytes of one part, if it belongs to this waybill, to this place, and has this length.
    /// Decrypted where it stands: give the array away (`consume`) and nothing is copied.
    package func openPart(
        _ message: consuming [UInt8], bind: Digest, index: Int, length: Int
    ) throws(EnvelopeError) -> ArraySlice<UInt8> {
        let content = try open(&message)
        guard content.count == PartHeader.count + length,
            message[content].starts(with: PartHeader.encode(bind: bind, index: index))
        else { throw .cannotBeOpened }
        return message[content].dropFirst(PartHeader.count)
    }

    /// Decrypts in place and says where the content stands. Nothing is believed before the tag has been verified.
    private func open(_ message: inout [UInt8]) throws(EnvelopeError) -> Range<Int> {
        guard let sealed = try? SealedMessage(message), let own = keys.first(where: { $0.isNamed(sealed.recipientID) }),
            let key = own.contentKey(of: sealed.recipient)
        else { throw .cannotBeOpened }
        guard ContentCipher.open(&message, sealed.ciphertext, key: key, nonce: sealed.nonce, tag: sealed.tag) else {
            throw .cannotBeOpened
        }
        return sealed.ciphertext
    }
}
