internal import Vocabulary

/// What a statement says before anything in it has been verified: for statements that were verified before they were
/// committed to our own ledger.
extension StatementVerifier {
    package static func uncheckedContent(of der: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        try read(der).content
    }
}
