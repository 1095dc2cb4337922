package import Vocabulary

/// The public half of an Ed25519 key that signs notes, under its name (C2SP signed-note, signature type 0x01).
package struct NoteKey: Hashable, Sendable {
    package let name: String
    /// 32 bytes.
    package let publicKey: [UInt8]
    /// First four bytes of SHA-256(name || 0x0A || 0x01 || public key): tells keys apart, proves nothing.
    package let id: [UInt8]

    private static let ed25519: UInt8 = 1

    package init(name: String, publicKey: [UInt8], _ crypto: any LedgerCrypto) throws(Malformed) {
        guard Self.isName(name) else { throw Malformed("note key", "the name has spaces or a plus sign, or is empty") }
        guard publicKey.count == 32 else { throw Malformed("note key", "an Ed25519 key has 32 bytes") }
        self.name = name
        self.publicKey = publicKey
        id = Array(crypto.sha256(Array(name.utf8) + [0x0a, Self.ed25519] + publicKey).bytes[..<4])
    }

    /// `name+hash+base64(0x01 || public key)`, as Go's `note` package and witnesses' settings write it.
    package var text: String { "\(name)+\(Hex.encode(id))+\(Base64.encode([Self.ed25519] + publicKey))" }

    package init(parsing text: String, _ crypto: any LedgerCrypto) throws(Malformed) {
        let fields = text.utf8.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, let key = Base64.decode(fields[2]), key.first == Self.ed25519 else {
            throw Malformed("note key", "must look like name+hash+base64 of an Ed25519 key")
        }
        try self.init(name: String(Substring(fields[0])), publicKey: Array(key.dropFirst()), crypto)
        guard Hex.encode(id).utf8.elementsEqual(fields[1]) else {
            throw Malformed("note key", "the hash in it belongs to another name or key")
        }
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.unicodeScalars.contains { $0 == "+" || $0.properties.isWhitespace }
    }
}
