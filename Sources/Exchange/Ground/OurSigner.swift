internal import Envelope
package import Vocabulary

/// Our signing key as statements use it: never outside the dates of its certificate. A statement is verified at the time
/// that it claims, so that nobody could ever believe one of such a date, and it could not be taken back either.
package struct OurSigner: Sendable {
    private let signer: StatementSigner

    init(_ signer: StatementSigner) { self.signer = signer }

    /// Throws `OutOfDate`, `EnvelopeError`, and `Malformed` for a statement whose texts its reader would refuse: whoever wrote
    /// them has been told before, and nothing is signed that nobody takes.
    package func sign(_ content: [UInt8], at moment: Instant) throws -> [UInt8] {
        let certificate = signer.certificate
        guard certificate.isValid(at: moment) else {
            throw OutOfDate(now: moment, from: certificate.notBefore, to: certificate.notAfter)
        }
        _ = try JSON(parsing: content)
        return try signer.sign(content, at: moment)
    }

    package struct OutOfDate: Error, Hashable, Sendable, CustomStringConvertible {
        let now: Instant
        let from: Instant
        let to: Instant

        package var description: String {
            now < from
                ? """
                nothing is signed, because our clock says \(Notes.moment(now)) and our signing certificate begins on \
                \(from.date): set this machine's clock (timedatectl); it goes on by itself then
                """
                : """
                nothing is signed, because our signing certificate ended on \(to.date) and our clock says \
                \(Notes.moment(now)): if that is right, waybill keys rotate signing, else set this machine's clock; it goes on \
                by itself then
                """
        }
    }
}
