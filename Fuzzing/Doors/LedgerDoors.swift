import Envelope
@testable import Ledger
@testable import TransportFolder
import Transport
import Vocabulary

/// What a ledger is checked with.
struct DoorCrypto: LedgerCrypto {
    func sha256(_ bytes: [UInt8]) -> Digest { SHA256.digest(bytes) }
    func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest { HMAC.sha256(key: key, bytes) }
    func salt() -> [UInt8] { Array(repeating: 7, count: 32) }
    func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        Ed25519.verify(signature, over: message, publicKey: publicKey)
    }
}

extension Door {
    /// Signed notes: checkpoints with their signatures and countersignatures.
    static let note = Door("note", longest: 4096, share: 110) { bytes in
        let kept = try SignedNote(kept: bytes)
        try look(at: kept, bytes)
        let note = try SignedNote(parsing: bytes)
        try promisePlain(note.text, lines: true, "a note from outside")
    }

    private static func look(at note: SignedNote, _ bytes: [UInt8]) throws {
        try promise(Array(note.text.utf8) == bytes, "a note is written back as it was read")
        try promise(note.signatures.count <= SignedNote.maximumSignatures, "a note has few signatures")
        for signature in note.signatures {
            if let parts = Cosignature.parts(signature.bytes) {
                let again = Cosignature.bytes(parts.signature, seconds: parts.seconds)
                try promise(again == signature.bytes, "a countersignature is written back as it was read")
                try promise(Instant(seconds: parts.seconds).seconds == parts.seconds, "its time is a time")
            }
            let key = try NoteKey(name: signature.name, publicKey: Seeds.noteKey, DoorCrypto(), kind: .cosignature)
            _ = try? note.seen(by: key, DoorCrypto())
            try? note.verify(by: key, DoorCrypto())
        }
        guard let head = try? Checkpoint(body: note.body) else { return }
        try promise(head.body == note.body && head.size >= 0, "a checkpoint is written back as it was read")
    }

    /// What is asked and answered about ledgers, and what a proof holds of one: questions to a witness and its answers,
    /// paths, leaves, details, keys.
    static let ledger = Door("ledger", longest: 4096, share: 70) { bytes in
        let readers: [([UInt8]) throws -> [UInt8]] = [
            question, path, { try Leaf(parsing: $0).bytes }, { try EventDetail(parsing: $0).bytes },
            { bytes in Array(try NoteKey(parsing: String(decoding: bytes, as: UTF8.self), DoorCrypto()).text.utf8) },
            { bytes in try WitnessAnswer(file: bytes).map(\.file) ?? { throw Refused() }() },
        ]
        var isTaken = false
        for (place, read) in readers.enumerated() {
            guard let again = try? read(bytes) else { continue }
            try promise(again == bytes, "what reader \(place) takes is written back as it was read")
            isTaken = true
        }
        guard isTaken else { throw Refused() }
    }

    private static func question(_ bytes: [UInt8]) throws -> [UInt8] {
        let request = try WitnessRequest(parsing: bytes)
        if let head = try? Checkpoint(body: request.checkpoint.body) {
            let root = try Digest(Array(repeating: 3, count: 32))
            _ = MerkleProof(MerkleHasher(DoorCrypto())).verifyConsistency(
                oldSize: request.old, oldRoot: root, newSize: head.size, newRoot: head.root, proof: request.proof)
        }
        return request.bytes
    }

    private static func path(_ bytes: [UInt8]) throws -> [UInt8] {
        let proof = try TlogProof(parsing: bytes)
        if let head = try? Checkpoint(body: proof.checkpoint.body) {
            let hasher = MerkleHasher(DoorCrypto())
            _ = MerkleProof(hasher).verifyInclusion(
                of: hasher.leaf([1]), at: proof.index, size: head.size, root: head.root, proof: proof.hashes)
        }
        return Array(proof.text.utf8)
    }
}
