package import Vocabulary

/// What a statement says before anything in it has been verified. Only for finding out at which time to verify it, and
/// for statements that were verified before they were committed to our own ledger.
extension StatementVerifier {
    /// The signingTime attribute, to the second.
    package static func uncheckedSigningTime(of der: [UInt8]) throws(EnvelopeError) -> Instant {
        try unchecked(der).attributes.signingTime
    }

    package static func uncheckedContent(of der: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        try unchecked(der).content
    }

    private static func unchecked(_ der: [UInt8]) throws(EnvelopeError) -> SignedMessage {
        guard der.count <= limit else { throw .statement(.tooLarge) }
        guard let message = try? SignedMessage(der) else { throw .statement(.malformed) }
        return message
    }
}
