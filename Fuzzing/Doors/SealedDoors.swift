@testable import Envelope
import Vocabulary

extension Door {
    /// A consignment as it comes over the wire, cut into its messages. The first byte says in which pieces the rest comes, the
    /// second how many parts the waybill promised, the third how large.
    static let stream = Door("stream", longest: 4096, share: 100) { bytes in
        guard bytes.count > 3 else { throw Refused() }
        let (step, parts, size) = (Int(bytes[0]) + 1, Int(bytes[1]), Int(bytes[2]) * 8)
        let wire = Array(bytes[3...])
        let whole = cut(wire, step: wire.count, parts, size)
        let pieces = cut(wire, step: step, parts, size)
        try promise(whole.messages == pieces.messages, "how the bytes come makes no other messages")
        try promise(whole.fault == pieces.fault, "how the bytes come makes no other fault")
        try promise(wire.starts(with: whole.messages.joined()), "messages are the bytes that came")
        for message in whole.messages.dropFirst() {
            try promise(message.count <= size + DERStream.overhead, "no part is longer than it may be")
        }
        guard whole.fault == nil else { throw Refused() }
    }

    private static func cut(
        _ wire: [UInt8], step: Int, _ parts: Int, _ size: Int
    ) -> (messages: [[UInt8]], fault: EnvelopeError?) {
        var (stream, messages): (DERStream, [[UInt8]]) = (DERStream(), [])
        do throws(EnvelopeError) {
            for start in stride(from: 0, to: wire.count, by: step) {
                let piece = Array(wire[start..<min(start + step, wire.count)])
                var offset = 0
                while let message = try stream.next(in: piece.span, at: &offset) {
                    if messages.isEmpty { stream.expectParts(parts, ofSize: size) }
                    messages.append(message)
                }
            }
            try stream.finish()
            return (messages, nil)
        } catch {
            return (messages, error)
        }
    }

    /// One sealed message: its reader, the key that travels in it, and the cipher, as if each before had let it through.
    static let sealed = Door("sealed", longest: 4096, share: 80) { bytes in
        let opened = try? Seeds.opener?.openWaybill(bytes)
        try promise(opened == nil, "nobody has sealed to this key")
        let message = try SealedMessage(bytes)
        _ = Seeds.opening?.contentKey(of: message.recipient)
        var copy = bytes
        let isOpen = ContentCipher.open(
            &copy, message.ciphertext, key: Secret.random(count: ContentCipher.keyCount), nonce: message.nonce,
            tag: message.tag)
        try promise(!isOpen, "no key opens what another sealed")
    }
}
