/// A SHA-256 digest: of a file, of a statement, or of a public key (then it is called a fingerprint).
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// Always 32.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) throws(Malformed) {
        guard bytes.count == 32 else { throw Malformed("SHA-256 digest", "must have 32 bytes") }
        self.bytes = bytes
    }

    /// Reads 64 lower-case hexadecimal digits.
    package init(hex: String) throws(Malformed) {
        guard let bytes = Hex.decode(hex), bytes.count == 32 else {
            throw Malformed("SHA-256 digest", "must be 64 lower-case hexadecimal digits")
        }
        self.bytes = bytes
    }

    package var hex: String { Hex.encode(bytes) }
    package var description: String { hex }
}

/// SHA-256 of a SubjectPublicKeyInfo. Trust in an agency is trust in the fingerprint of its identity key.
package typealias Fingerprint = Digest
