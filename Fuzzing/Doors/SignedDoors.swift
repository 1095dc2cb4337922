import Envelope
import Vocabulary

extension Door {
    /// The signer's identity certificate, then a statement or card as signed: what is read before anything is believed, and
    /// whether it is believed.
    static let signed = Door("signed", longest: 8192, share: 60) { bytes in
        let pieces = Self.elements(of: bytes, atMost: 2)
        guard pieces.count == 2 else { throw Refused() }
        let (identity, statement) = (try? Certificate(der: pieces[0]), pieces[1])
        let content = try StatementVerifier.uncheckedContent(of: statement)
        let brought = try StatementVerifier.uncheckedSigner(ofCard: statement)
        for (identity, role) in [(identity ?? brought, Role?.some(.signing)), (brought, nil)] {
            let verified = try? StatementVerifier.verify(statement, identity: identity, role: role)
            guard let verified else { continue }
            try promise(verified.content == content, "what is verified is what was read")
            try promise(verified.signer.isIssued(by: identity), "the signer is the identity's")
        }
    }

    /// A certificate, as it stands in cards, in statements and at handshakes.
    static let certificate = Door("certificate", longest: 4096, share: 80) { bytes in
        let certificate = try Certificate(der: bytes)
        try promise(Certificate(pem: Array(certificate.pem.utf8)).der == bytes, "PEM and DER say the same")
        try promise(certificate.fingerprint == SHA256.digest(certificate.publicKey.spki), "the key is named by itself")
        _ = certificate.isIssued(by: certificate)
    }

    /// A time authority's answer or token, then the certificates (PEM) that it must lead to.
    static let timestamp = Door("timestamp", longest: 8192, share: 60) { bytes in
        guard let answer = Self.elements(of: bytes, atMost: 1).first else { throw Refused() }
        let token = (try? TimestampReply.token(in: answer)) ?? answer
        let trusted = try TimeAuthorities(pem: Array(bytes[answer.count...]))
        let held = try trusted.verify(token, over: Seeds.stamped)
        try promise(held.der == token, "a token is kept verbatim")
    }

    /// The DER elements that stand at the front.
    static func elements(of bytes: [UInt8], atMost most: Int) -> [[UInt8]] {
        var stream = DERStream()
        stream.expectParts(most, ofSize: StatementVerifier.limit)
        var (found, offset): ([[UInt8]], Int) = ([], 0)
        while found.count < most, let next = (try? stream.next(in: bytes.span, at: &offset)) ?? nil {
            found.append(next)
        }
        return found
    }
}
