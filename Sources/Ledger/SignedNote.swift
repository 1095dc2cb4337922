package import Vocabulary

/// Text with signatures under it, as C2SP signed-note has it.
///
/// The text is not to be believed before `verify` has said so.
package struct SignedNote: Hashable, Sendable {
    package static let maximumBytes = 64 * 1024
    package static let maximumSignatures = 16

    /// One line `— name base64(key id || signature)`.
    package struct Signature: Hashable, Sendable {
        package let name: String
        /// 4 bytes.
        package let keyID: [UInt8]
        package let bytes: [UInt8]

        /// As it stands under a note, with its line feed.
        package var line: String { "— \(name) \(Base64.encode(keyID + bytes))\n" }
    }

    /// What is signed; ends with a line feed.
    package let body: String
    package private(set) var signatures: [Signature]

    package init(body: String) {
        self.body = body
        signatures = []
    }

    package var text: String { body + "\n" + signatures.map(\.line).joined() }

    /// The same note with one more signature under it.
    package func adding(_ signature: Signature) -> SignedNote {
        var note = self
        note.signatures.append(signature)
        return note
    }

    /// The same note with more signature lines, each ended by a line feed, as a witness answers them.
    package func adding(lines: [UInt8]) throws(Malformed) -> SignedNote {
        try SignedNote(parsing: Array(text.utf8) + lines)
    }

    /// Adds a signature by each of our present keys under this name.
    package func signed(
        as name: String, by signer: any CheckpointSigner, _ crypto: any LedgerCrypto
    ) throws -> SignedNote {
        try signer.present.reduce(into: self) { note, signer in
            let key = try NoteKey(name: name, publicKey: signer.publicKey, crypto)
            let bytes = try signer.sign(Array(body.utf8))
            note.signatures.append(Signature(name: name, keyID: key.id, bytes: bytes))
        }
    }

    /// Requires at least one signature by this key, and every one that claims to be by it to be right.
    package func verify(by key: NoteKey, _ crypto: any LedgerCrypto) throws(Malformed) {
        let ours = signatures.filter { $0.name == key.name && $0.keyID == key.id }
        guard !ours.isEmpty else { throw Malformed("signed note", "carries no signature by \(key.name)") }
        guard ours.allSatisfy({ crypto.verify($0.bytes, over: Array(body.utf8), by: key.publicKey) }) else {
            throw Malformed("signed note", "the signature by \(key.name) is wrong")
        }
    }
}

extension SignedNote {
    /// Reads what comes from outside: as `init(kept:)`, and plain text besides.
    package init(parsing bytes: [UInt8]) throws(Malformed) {
        try self.init(kept: bytes)
        if let fault = PlainText.fault(in: String(decoding: bytes, as: UTF8.self), .lines) {
            throw Malformed("signed note", "\(fault)")
        }
    }

    /// Reads the one spelling: at most 64 KiB and 16 signatures, UTF-8 without control characters of ASCII.
    package init(kept bytes: [UInt8]) throws(Malformed) {
        guard bytes.count <= Self.maximumBytes else { throw Malformed("signed note", "is longer than 64 KiB") }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a }) else {
            throw Malformed("signed note", "holds control characters")
        }
        guard let split = Self.lastEmptyLine(bytes), bytes.last == 0x0a,
            let body = String(validating: bytes[..<split], as: UTF8.self)
        else { throw Malformed("signed note", "must be UTF-8 text, an empty line and signature lines") }
        let lines = bytes[(split + 1)...].dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count <= Self.maximumSignatures else { throw Malformed("signed note", "has over 16 signatures") }
        self.init(body: body)
        for line in lines { signatures.append(try Signature(line)) }
    }

    /// Where the line feed of the separating empty line stands: after a line feed and before the last signature block.
    private static func lastEmptyLine(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropFirst().last { bytes[$0] == 0x0a && bytes[$0 - 1] == 0x0a }
    }
}

extension SignedNote.Signature {
    fileprivate init(_ line: ArraySlice<UInt8>) throws(Malformed) {
        let wrong = Malformed("signed note", "has a line that is not a signature")
        let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].elementsEqual("—".utf8),
            let name = String(validating: fields[1], as: UTF8.self), NoteKey.isName(name),
            let blob = Base64.decode(fields[2]), blob.count > 4
        else { throw wrong }
        self.init(name: name, keyID: Array(blob[..<4]), bytes: Array(blob[4...]))
    }
}
