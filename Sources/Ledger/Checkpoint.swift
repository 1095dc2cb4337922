package import Vocabulary

/// The head of a ledger: which one, how many leaves, and their root (C2SP tlog-checkpoint).
package struct Checkpoint: Hashable, Sendable {
    package let origin: String
    package let size: Int64
    package let root: Digest

    package init(origin: String, size: Int64, root: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The three lines that are signed.
    package var body: String { "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n" }

    /// Signed under the origin as key name.
    package func signed(by signer: any CheckpointSigner, _ crypto: any LedgerCrypto) throws -> SignedNote {
        try SignedNote(body: body).signed(as: origin, by: signer, crypto)
    }

    /// Reads a note's body. Extension lines are refused: nothing of ours writes them and nobody could audit them.
    package init(body: String) throws(Malformed) {
        let lines = body.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty, !lines[0].isEmpty else {
            throw Malformed("checkpoint", "must be three lines: origin, size and root")
        }
        guard let size = Int64(String(Substring(lines[1]))), size >= 0, let root = Base64.decode(lines[2]) else {
            throw Malformed("checkpoint", "the size or root is not one")
        }
        self.init(origin: String(Substring(lines[0])), size: size, root: try Digest(root))
        guard self.body.utf8.elementsEqual(body.utf8) else {
            throw Malformed("checkpoint", "is not in the one spelling")
        }
    }

    /// Reads a signed checkpoint and requires the log's own signature: the key's name must be the origin.
    package init(verifying note: SignedNote, by key: NoteKey, _ crypto: any LedgerCrypto) throws(Malformed) {
        try note.verify(by: key, crypto)
        try self.init(body: note.body)
        guard origin == key.name else { throw Malformed("checkpoint", "is of another ledger than the key's") }
    }
}
