package import Vocabulary

/// The public half of an Ed25519 key that signs notes, under its name (C2SP signed-note).
package struct NoteKey: Hashable, Sendable {
    /// What is signed: the note itself, or the note with the time at which a witness saw it.
    package enum Kind: UInt8, Sendable {
        case note = 0x01
        /// C2SP tlog-cosignature, version 1.
        case cosignature = 0x04
    }

    package let kind: Kind
    package let name: String
    /// 32 bytes.
    package let publicKey: [UInt8]
    /// First four bytes of SHA-256(name || 0x0A || kind || public key): tells keys apart, proves nothing.
    package let id: [UInt8]

    package init(
        name: String, publicKey: [UInt8], _ crypto: any LedgerCrypto, kind: Kind = .note
    ) throws(Malformed) {
        guard Self.isName(name) else { throw Malformed("note key", "the name has spaces or a plus sign, or is empty") }
        guard publicKey.count == 32 else { throw Malformed("note key", "an Ed25519 key has 32 bytes") }
        self.kind = kind
        self.name = name
        self.publicKey = publicKey
        id = Array(crypto.sha256(Array(name.utf8) + [0x0a, kind.rawValue] + publicKey).bytes[..<4])
    }

    /// `name+hash+base64(kind || public key)`, as Go's `note` package and witnesses' settings write it.
    package var text: String { "\(name)+\(Hex.encode(id))+\(Base64.encode([kind.rawValue] + publicKey))" }

    package init(parsing text: String, _ crypto: any LedgerCrypto) throws(Malformed) {
        let fields = text.utf8.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, let key = Base64.decode(fields[2]),
            let kind = key.first.flatMap(Kind.init)
        else {
            throw Malformed("note key", "must look like name+hash+base64 of an Ed25519 key")
        }
        try self.init(name: String(Substring(fields[0])), publicKey: Array(key.dropFirst()), crypto, kind: kind)
        guard Hex.encode(id).utf8.elementsEqual(fields[1]) else {
            throw Malformed("note key", "the hash in it belongs to another name or key")
        }
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.unicodeScalars.contains { $0 == "+" || $0.properties.isWhitespace }
    }
}
