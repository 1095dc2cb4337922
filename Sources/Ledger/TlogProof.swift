package import Vocabulary

/// That a leaf stands in a ledger, checkable offline (C2SP tlog-proof, `.tlog-proof`).
///
///     c2sp.org/tlog-proof@v1
///     index 42
///     base64 of each sibling, the leaf's first
///
///     the signed checkpoint, verbatim
///
/// The format's optional `extra` line is neither written nor accepted: nothing authenticates it.
package struct TlogProof: Hashable, Sendable {
    private static let header = "c2sp.org/tlog-proof@v1"
    /// A tree of 2^63 leaves is 63 levels high.
    private static let maximumHashes = 63

    package let index: Int64
    package let hashes: [Digest]
    package let checkpoint: SignedNote

    package init(index: Int64, hashes: [Digest], checkpoint: SignedNote) {
        self.index = index
        self.hashes = hashes
        self.checkpoint = checkpoint
    }

    package var text: String {
        let lines = [Self.header, "index \(index)"] + hashes.map { Base64.encode($0.bytes) }
        return lines.map { $0 + "\n" }.joined() + "\n" + checkpoint.text
    }

    package init(parsing bytes: [UInt8]) throws(Malformed) {
        guard bytes.count <= 2 * SignedNote.maximumBytes, let split = Self.firstEmptyLine(bytes) else {
            throw Malformed("tlog proof", "has no checkpoint or is too long")
        }
        let lines = bytes[..<split].dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count >= 2, lines.count <= 2 + Self.maximumHashes, lines[0].elementsEqual(Self.header.utf8),
            lines[1].starts(with: "index ".utf8),
            let index = Int64(String(decoding: lines[1].dropFirst(6), as: UTF8.self)), index >= 0
        else { throw Malformed("tlog proof", "must begin with its header and an index") }
        var hashes: [Digest] = []
        for line in lines[2...] { hashes.append(try Digest(Base64.decode(line) ?? [])) }
        self.init(
            index: index, hashes: hashes, checkpoint: try SignedNote(kept: Array(bytes[(split + 1)...])))
        guard text.utf8.elementsEqual(bytes) else { throw Malformed("tlog proof", "is not in the one spelling") }
    }

    /// Requires the checkpoint to be signed by `key` and the leaf to stand in it; returns the checkpoint.
    @discardableResult
    package func verify(
        leaf: [UInt8], by key: NoteKey, _ crypto: any LedgerCrypto
    ) throws(Malformed) -> Checkpoint {
        let head = try Checkpoint(verifying: checkpoint, by: key, crypto)
        let hasher = MerkleHasher(crypto)
        let stands = MerkleProof(hasher).verifyInclusion(
            of: hasher.leaf(leaf), at: index, size: head.size, root: head.root, proof: hashes)
        guard stands else { throw Malformed("tlog proof", "the leaf does not stand in this checkpoint") }
        return head
    }

    private static func firstEmptyLine(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropFirst().first { bytes[$0] == 0x0a && bytes[$0 - 1] == 0x0a }
    }
}
