package import Vocabulary

/// What a ledger asks a witness (C2SP tlog-witness, `add-checkpoint`).
///
///     old 20852014
///     base64 of each hash of the consistency proof from there, none from 0
///
///     the signed checkpoint, verbatim
package struct WitnessRequest: Hashable, Sendable {
    /// C2SP tlog-witness allows 63 hashes.
    private static let greatestProof = 63
    package static let greatestBytes = SignedNote.maximumBytes + 4096

    /// The size that the witness is believed to hold; 0 for none.
    package let old: Int64
    package let proof: [Digest]
    package let checkpoint: SignedNote

    package init(old: Int64, proof: [Digest], checkpoint: SignedNote) {
        self.old = old
        self.proof = proof
        self.checkpoint = checkpoint
    }

    package var bytes: [UInt8] {
        let lines = ["old \(old)"] + proof.map { Base64.encode($0.bytes) }
        return Array((lines.map { $0 + "\n" }.joined() + "\n" + checkpoint.text).utf8)
    }

    package init(parsing bytes: [UInt8]) throws(Malformed) {
        guard bytes.count <= Self.greatestBytes, let split = Self.firstEmptyLine(bytes) else {
            throw Malformed("witness request", "has no checkpoint or is too long")
        }
        let lines = bytes[..<split].dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        guard let first = lines.first, first.starts(with: "old ".utf8), lines.count <= 1 + Self.greatestProof,
            let old = Int64(String(decoding: first.dropFirst(4), as: UTF8.self)), old >= 0
        else { throw Malformed("witness request", "must begin with the old size") }
        var proof: [Digest] = []
        for line in lines.dropFirst() { proof.append(try Digest(Base64.decode(line) ?? [])) }
        self.init(old: old, proof: proof, checkpoint: try SignedNote(parsing: Array(bytes[(split + 1)...])))
        guard self.bytes == bytes else { throw Malformed("witness request", "is not in the one spelling") }
    }

    private static func firstEmptyLine(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropFirst().first { bytes[$0] == 0x0a && bytes[$0 - 1] == 0x0a }
    }
}
