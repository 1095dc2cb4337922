package import Vocabulary

/// A witness's word that it saw a checkpoint, and when (C2SP tlog-cosignature, version 1).
///
///     cosignature/v1
///     time 1763809200            POSIX seconds, the witness's clock
///     ...the checkpoint's body, verbatim
///
/// The signature in the note is the time as 8 bytes, big-endian, and 64 bytes of Ed25519 over these lines.
package enum Cosignature {
    package static func message(_ body: String, seconds: Int64) -> [UInt8] {
        Array("cosignature/v1\ntime \(seconds)\n\(body)".utf8)
    }

    static func bytes(_ signature: [UInt8], seconds: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * $0)) } + signature
    }

    /// The last second of the year 9999, the last that RFC 3339 can write.
    private static let latest: Int64 = 253_402_300_799

    /// The time and the signature over it; nil if the size is wrong or the time is not one of the years 1970 to 9999.
    static func parts(_ bytes: [UInt8]) -> (seconds: Int64, signature: [UInt8])? {
        guard bytes.count == 72 else { return nil }
        let seconds = bytes[..<8].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return (0...latest).contains(seconds) ? (seconds, Array(bytes[8...])) : nil
    }
}

extension SignedNote {
    /// Adds a countersignature by each of our present keys under our witness name (`LedgerOrigin.witness`).
    package func countersigned(
        as name: String, by signer: any CheckpointSigner, at now: Instant, _ crypto: any LedgerCrypto
    ) throws -> SignedNote {
        try signer.present.reduce(into: self) { note, signer in
            let key = try NoteKey(name: name, publicKey: signer.publicKey, crypto, kind: .cosignature)
            let signature = try signer.sign(Cosignature.message(body, seconds: now.seconds))
            let bytes = Cosignature.bytes(signature, seconds: now.seconds)
            note = note.adding(Signature(name: name, keyID: key.id, bytes: bytes))
        }
    }

    /// When the witness of this key saw the note: the earliest of its countersignatures. Nil if it has none here; throws if
    /// one that claims to be by this key is wrong.
    package func seen(by key: NoteKey, _ crypto: any LedgerCrypto) throws(Malformed) -> Instant? {
        var times: [Int64] = []
        for signature in signatures where signature.name == key.name && signature.keyID == key.id {
            guard let parts = Cosignature.parts(signature.bytes), key.kind == .cosignature,
                crypto.verify(
                    parts.signature, over: Cosignature.message(body, seconds: parts.seconds), by: key.publicKey)
            else { throw Malformed("signed note", "the countersignature by \(key.name) is wrong") }
            times.append(parts.seconds)
        }
        return times.min().map { Instant(seconds: $0) }
    }
}
