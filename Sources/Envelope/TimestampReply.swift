/// What a time authority answers (RFC 3161, 2.4.2).
///
///     TimeStampResp ::= SEQUENCE { PKIStatusInfo, TimeStampToken OPTIONAL }
package enum TimestampReply {
    /// Bytes. Real ones have 2 to 8 KiB.
    package static let limit = 65_536
    /// PKIFailureInfo: the bit, counted from the first, and what it says.
    private static let failures: [(bit: Int, fault: TimestampFault)] = [
        (0, .badAlgorithm), (2, .badRequest), (5, .badData), (14, .noTime), (15, .policy), (16, .policy),
        (17, .failure), (25, .failure),
    ]

    /// The token inside, verbatim, not verified. Errors: `.timestamp(...)`, with what the authority says if it refused.
    package static func token(in reply: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard reply.count <= limit else { throw .timestamp(.tooLarge) }
        do {
            var outer = DERReader(reply)
            var response = try outer.enter(DER.sequence)
            try outer.finish()
            if let refusal = try refusal(response.enter(DER.sequence)) { throw EnvelopeError.timestamp(refusal) }
            let token = try response.whole(DER.sequence)
            try response.finish()
            return token
        } catch let error as EnvelopeError {
            throw error
        } catch {
            throw .timestamp(.malformed)
        }
    }

    /// Nil if the token was granted, with or without changes; what matters of those is compared later.
    private static func refusal(_ info: DERReader) throws(NotDER) -> TimestampFault? {
        var info = info
        let status = try info.whole(DER.integer)
        if [DER.integer(0), DER.integer(1)].contains(status) { return nil }
        _ = try info.enterIfPresent(DER.sequence)
        guard info.tag == DER.bitString else { return .rejected }
        let bits = try info.octets(DER.bitString).dropFirst()
        return failures.first { bit, _ in
            bits.count > bit / 8 && bits[bits.startIndex + bit / 8] & (0x80 >> UInt8(bit % 8)) != 0
        }?.fault ?? .rejected
    }
}
