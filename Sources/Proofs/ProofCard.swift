internal import Envelope
internal import Statements
internal import Vocabulary

/// A card of a proof whose signature by the identity inside it holds. Whose identity that is, pins must say.
struct ProofCard {
    let name: String
    let card: Card
    let identity: Certificate
    /// As signed (DER).
    let bytes: [UInt8]

    init(_ name: String, in files: ProofFiles) throws(ProofFault) {
        try self.init(name, files.require(name))
    }

    init(_ name: String, _ der: [UInt8]) throws(ProofFault) {
        do {
            identity = try StatementVerifier.uncheckedSigner(ofCard: der)
            let signed = try StatementVerifier.verify(
                der, identity: identity, role: nil, at: StatementVerifier.uncheckedSigningTime(of: der))
            card = try Card(kept: signed.content)
            guard card.issuedAt.seconds == signed.signingTime.seconds else {
                throw ProofFault(name, "issuedAt is not the time in its signature")
            }
            (self.name, bytes) = (name, der)
        } catch is EnvelopeError {
            throw ProofFault(name, "its signature does not hold")
        } catch {
            throw ProofFault(of: error, in: name)
        }
    }

    /// Opens a statement that this agency's signing key signed. Whether that key was retired, its history says.
    /// - Parameter who: `sender`, `recipient` or `prover`.
    func open(_ der: [UInt8], named file: String, by who: String) throws(ProofFault) -> VerifiedStatement {
        do { return try Author(identity, .count).open(der) } catch {
            guard case EnvelopeError.statement(.role) = error else {
                throw ProofFault(file, "is not signed by a key that the \(who)'s identity vouches for")
            }
            throw ProofFault(file, "is signed by a key that is not for signing")
        }
    }

    /// Keys of the ledger role that the identity vouches for. A checkpoint has no time, so dates are not looked at.
    var ledgerCertificates: [Certificate] {
        card.certificates.filter { $0.role == .ledger }.compactMap { listed in
            guard let certificate = try? Certificate(der: listed.der), certificate.role == .ledger,
                certificate.isIssued(by: identity)
            else { return nil }
            return certificate
        }
    }
}

extension ProofFault {
    /// Gives an error of another room the name of the file that it is about.
    init(of error: any Error, in file: String) {
        self = error as? ProofFault ?? ProofFault(file, "\(error)")
    }
}
