internal import Envelope
internal import Statements
internal import Vocabulary

/// A card of a proof whose signature by the identity inside it holds. Whose identity that is, pins must say.
struct ProofCard {
    let name: String
    let signed: SignedCard

    var card: Card { signed.card }
    var identity: Certificate { signed.identity }

    init(_ name: String, in files: ProofFiles) throws(ProofFault) {
        try self.init(name, files.require(name))
    }

    init(_ name: String, _ der: [UInt8]) throws(ProofFault) {
        self.name = name
        do { signed = try SignedCard(der) } catch is EnvelopeError {
            throw ProofFault(name, "its signature does not hold")
        } catch {
            throw ProofFault(of: error, in: name)
        }
        guard signed.hasOneDate else { throw ProofFault(name, "issuedAt is not the time in its signature") }
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
}

extension ProofFault {
    /// Gives an error of another room the name of the file that it is about.
    init(of error: any Error, in file: String) {
        self = error as? ProofFault ?? ProofFault(file, "\(error)")
    }
}
