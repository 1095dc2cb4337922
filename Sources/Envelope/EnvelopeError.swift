/// Everything that can go wrong in this room. Texts are fixed: none holds a byte of what was read.
package enum EnvelopeError: Error, Hashable, CustomStringConvertible {
    /// A sealed message did not open. One case on purpose: telling a wrong key from a wrong tag, a foreign part or a
    /// strange structure would help somebody who tries many.
    case cannotBeOpened
    case stream(StreamFault)
    case statement(StatementFault)
    case certificate(CertificateFault)
    case key(KeyFault)
    case timestamp(TimestampFault)
    /// libcrypto failed where it should not, for want of memory say. Its own fixed reason text.
    case library(String)

    package var description: String {
        switch self {
        case .cannotBeOpened:
            "the sealed message cannot be opened: it is damaged, not meant for this place, or sealed to a key that is "
                + "not here. Have it sent again; if that does not help, compare cards with the sender"
        case .stream(let fault): fault.rawValue
        case .statement(let fault): fault.rawValue
        case .certificate(let fault): fault.rawValue
        case .key(let fault): fault.rawValue
        case .timestamp(let fault): fault.rawValue
        case .library(let reason): "OpenSSL failed: \(reason). Try again; if it stays, check memory and installation"
        }
    }
}

/// Why a stream of messages is not a consignment.
package enum StreamFault: String, Sendable, CaseIterable {
    case notDER = "the stream is not a sequence of DER messages: it was damaged. Have it sent again"
    case tooLong = "a message claims more bytes than it may have. Ask the sender to use the part size of its waybill"
    case truncated = "the stream ended inside a message or too early. Have it sent again"
    case trailing = "more bytes follow the last message. Have the sender check its software"
}

/// Why a signed statement is not accepted.
package enum StatementFault: String, Sendable, CaseIterable {
    case malformed = """
        the signed statement is not of the one accepted shape (SignedData, CAdES-BES, one signer). Have the sender \
        sign it with Waybill, or as the documentation on formats says
        """
    case tooLarge = "the signed statement is larger than 256 KiB. Have the sender shorten it"
    case signature = "the signature does not fit the statement: one of them was changed. Have it sent again"
    case signer = "the signer's certificate was not issued by the pinned identity. Ask the partner for its newest card"
    case role = "the signer's certificate is for another role. Have the partner sign with its signing key"
    case notYetValid = "the signer's certificate is not valid yet at that time. Compare the clocks of both sides"
    case expired = "the signer's certificate had expired at that time. Ask the partner for its newest card"
}

/// Why a certificate is not usable.
package enum CertificateFault: String, Sendable, CaseIterable {
    case malformed = "the file is not an X.509 version 3 certificate in DER or PEM. Export it again where it was made"
    case key = """
        the certificate's key is none of those accepted there (EC P-256, Ed25519 for ledgers, RSA of 3072 to 8192 \
        bits) or is unsound. Make a new key of such a kind
        """
    case role = "the certificate is for another role than it is used for. Name the file of the right role"
    case issuer = "an identity certificate is needed here (self-signed, CA, P-256). Make one with waybill init"
    case mismatch = "the certificate belongs to another key. Put key and certificate of one pair together"
    case lifetime = "the certificate would never be valid. Give a positive number of days within the identity's"
}

/// Why a private key is not usable.
package enum KeyFault: String, Sendable, CaseIterable {
    case missing = "the key file does not exist or cannot be read. Check the path and the owner in the settings"
    case notAFile = "the key is not a regular file of at most 64 KiB. Put the key itself there, not a link"
    case owner = "the key file or its folder belongs to another user. Give it to the daemon's user with chown"
    case looseFile = "the key file is open to others. Close it: chmod 600 on the file"
    case looseFolder = "the folder of the key file is open to others. Close it: chmod 700 on the folder"
    case unreadable = "the file holds no unencrypted private key in PEM. Export it as PKCS#8 without a password"
    case kind = "the key is none of those accepted here (EC P-256, Ed25519, RSA of 3072 to 8192 bits). Make a new one"
}

/// Why a time authority's answer is not kept.
package enum TimestampFault: String, Sendable, CaseIterable {
    case tooLarge = "the time authority's answer is larger than 64 KiB. Look whether the address in timestamps is right"
    case malformed = """
        the time authority's answer is not one that we understand (RFC 3161, DER, SHA-2, its certificate inside). Ask \
        who runs it, or choose another
        """
    case otherBytes =
        "the time token is over other bytes than we asked about. It was not kept; tell who runs the authority"
    case otherNonce = "the time token answers another request than ours. It was not kept; tell who runs the authority"
    case signature = "the time token's signature or signer does not hold. It was not kept; tell who runs the authority"
    case authority = """
        the time token leads to no certificate in timestamps.certificate that was valid at its time, or its signer may not \
        stamp time. Compare that file with the authority's published certificates
        """
    case certificates = "timestamps.certificate holds no sound certificate in PEM. Fetch the authority's own again"

    // What the authority itself says (RFC 3161, 2.4.2). Its own words are not repeated: nobody vouches for them.
    case rejected = "the time authority rejected the request without a reason. Ask who runs it"
    case badAlgorithm = "the time authority does not take SHA-256. Choose another"
    case badRequest = "the time authority does not permit such a request. Ask who runs it what it expects"
    case badData = "the time authority could not read the request. Ask who runs it what it expects"
    case noTime = "the time authority has no time just now. It is asked again by itself"
    case policy = "the time authority has no policy for such a request. Ask who runs it what it expects"
    case failure = "the time authority failed by its own account. It is asked again by itself"
}
