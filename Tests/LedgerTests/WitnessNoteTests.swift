import Ledger
import Testing
import Vocabulary

/// Countersignatures and requests as C2SP tlog-cosignature and tlog-witness write them.
struct WitnessNoteTests {
    private let crypto = TestCrypto()
    private let now = Instant(seconds: 1_763_809_200)

    /// The example of the C2SP documents.
    private static let example = """
        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
        — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

        """

    private func note() throws -> SignedNote {
        let head = Checkpoint(origin: "example.com/ours", size: 7, root: crypto.sha256([7]))
        return try head.signed(by: TestSigner(), crypto)
    }

    @Test("the example of the C2SP documents reads, and its cosignature has the time inside")
    func example() throws {
        let note = try SignedNote(parsing: Array(Self.example.utf8))
        #expect(note.text == Self.example)
        let checkpoint = try Checkpoint(body: note.body)
        #expect(checkpoint.size == 20_852_163)
        let line = try #require(note.signatures.last)
        #expect(line.name == "witness.example.com/w1")
        // 8 bytes of time, big-endian, and 64 of Ed25519.
        #expect(line.bytes.count == 72)
        #expect(line.bytes.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) } == 1_679_315_147)
    }

    @Test("the message that a witness signs is two lines before the checkpoint's body")
    func message() throws {
        let body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        let message = String(decoding: Cosignature.message(body, seconds: 1_679_315_147), as: UTF8.self)
        #expect(message == "cosignature/v1\ntime 1679315147\n" + body)
    }

    @Test("a countersignature tells when the note was seen, to the second")
    func seen() throws {
        let witness = try TestSigner()
        let signed = try note().countersigned(as: "witness", by: witness, at: now, crypto)
        let read = try SignedNote(parsing: Array(signed.text.utf8))
        let key = try NoteKey(name: "witness", publicKey: witness.publicKey, crypto, kind: .cosignature)
        #expect(try read.seen(by: key, crypto) == now)
        let later = try read.countersigned(as: "witness", by: witness, at: now.adding(seconds: 60), crypto)
        #expect(try later.seen(by: key, crypto) == now, "the earliest counts")
        let stranger = try NoteKey(name: "witness", publicKey: TestSigner().publicKey, crypto, kind: .cosignature)
        #expect(try read.seen(by: stranger, crypto) == nil)
    }

    @Test("a countersignature over another body, time or key, or of another size, is refused")
    func forged() throws {
        let witness = try TestSigner()
        let key = try NoteKey(name: "witness", publicKey: witness.publicKey, crypto, kind: .cosignature)
        let signed = try note().countersigned(as: "witness", by: witness, at: now, crypto)
        let line = try #require(signed.signatures.last)
        for bytes in [
            Array(line.bytes.dropLast()), line.bytes + [0], [0, 0, 0, 0, 0, 0, 0, 1] + line.bytes.dropFirst(8),
            [0xff] + line.bytes.dropFirst(), [0x7f] + line.bytes.dropFirst(),
            Array(line.bytes.dropLast()) + [line.bytes[71] ^ 1],
        ] {
            let text = "— \(line.name) \(Base64.encode(line.keyID + bytes))\n"
            let forged = try note().adding(lines: Array(text.utf8))
            #expect(throws: Malformed.self) { try forged.seen(by: key, crypto) }
        }
        let other = try Checkpoint(origin: "example.com/ours", size: 8, root: crypto.sha256([8]))
            .signed(by: witness, crypto).adding(line)
        #expect(throws: Malformed.self) { try other.seen(by: key, crypto) }
    }

    @Test("a key for cosignatures has another id and text than the same key for notes")
    func kinds() throws {
        let signer = try TestSigner()
        let note = try NoteKey(name: "a", publicKey: signer.publicKey, crypto)
        let cosignature = try NoteKey(name: "a", publicKey: signer.publicKey, crypto, kind: .cosignature)
        #expect(note.id != cosignature.id)
        #expect(try NoteKey(parsing: cosignature.text, crypto) == cosignature)
    }

    @Test("a request reads back byte for byte", arguments: [0, 3, 63])
    func request(_ hashes: Int) throws {
        let proof = (0..<hashes).map { crypto.sha256([UInt8($0)]) }
        let request = WitnessRequest(old: Int64(hashes), proof: proof, checkpoint: try note())
        #expect(try WitnessRequest(parsing: request.bytes) == request)
        #expect(String(decoding: request.bytes, as: UTF8.self).hasPrefix("old \(hashes)\n"))
    }

    @Test("a request that is not in the one spelling is refused")
    func malformed() throws {
        let good = WitnessRequest(old: 4, proof: [crypto.sha256([1])], checkpoint: try note())
        let text = String(decoding: good.bytes, as: UTF8.self)
        let bad = [
            "", "\n", "old 4\n", text.replacing("old 4", with: "old +4"), text.replacing("old 4", with: "old 04"),
            text.replacing("old 4", with: "old -4"), text.replacing("old 4", with: "Old 4"), "\n" + text, text + "\n",
            text.replacing("old 4\n", with: "old 4\nAAAA\n"),
            "old 4\n" + String(repeating: Base64.encode(crypto.sha256([]).bytes) + "\n", count: 64) + "\n"
                + (try note().text),
            String(repeating: "a", count: WitnessRequest.greatestBytes + 1),
        ]
        for text in bad { #expect(throws: Malformed.self) { try WitnessRequest(parsing: Array(text.utf8)) } }
    }
}
