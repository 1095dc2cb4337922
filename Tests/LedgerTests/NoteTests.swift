import Ledger
import Testing
import Vocabulary

struct NoteTests {
    private let crypto = TestCrypto()

    private func origin() throws -> LedgerOrigin {
        try LedgerOrigin(
            agency: AgencyID("cleveland-police"), identity: crypto.sha256([1]),
            ledger: "4b0c4f6e-1d55-4f3c-9a6e-0f2f5ad7b111")
    }

    private func signedCheckpoint() throws -> (text: String, key: NoteKey) {
        let (signer, origin) = (try TestSigner(), try origin().description)
        let note = try Checkpoint(origin: origin, size: 42, root: crypto.sha256([2])).signed(by: signer, crypto)
        return (note.text, try NoteKey(name: origin, publicKey: signer.publicKey, crypto))
    }

    /// Reads and verifies as a stranger would.
    private func accept(_ bytes: [UInt8], _ key: NoteKey) throws -> Checkpoint {
        try Checkpoint(verifying: SignedNote(parsing: bytes), by: key, crypto)
    }

    @Test("the example note of Go's note package verifies")
    func goVector() throws {
        let key = try NoteKey(
            parsing: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", crypto)
        let text = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

            """
        let note = try SignedNote(parsing: Array(text.utf8))
        try note.verify(by: key, crypto)
        #expect(note.text == text)
        #expect(key.text == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    }

    @Test("a checkpoint reads back, with its key under its verifier text")
    func roundTrip() throws {
        let (text, key) = try signedCheckpoint()
        let checkpoint = try accept(Array(text.utf8), NoteKey(parsing: key.text, crypto))
        #expect(checkpoint.size == 42)
        #expect(checkpoint.origin == (try origin()).description)
        #expect(checkpoint.origin.hasPrefix("waybill/cleveland-police/4bf5122f344554c5/4b0c4f6e-"))
    }

    @Test("a flipped bit anywhere in a checkpoint is refused")
    func flippedBits() throws {
        let (text, key) = try signedCheckpoint()
        let bytes = Array(text.utf8)
        for i in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[i] ^= 1 << UInt8(bit)
                #expect(throws: Malformed.self, "byte \(i) bit \(bit)") { try accept(changed, key) }
            }
        }
    }

    @Test("signatures of strangers are carried along and not believed")
    func strangers() throws {
        let (text, key) = try signedCheckpoint()
        let stranger = try TestSigner()
        let note = try SignedNote(parsing: Array(text.utf8)).signed(as: "witness.example", by: stranger, crypto)
        #expect(note.signatures.count == 2)
        _ = try accept(Array(note.text.utf8), key)
        let same = try NoteKey(name: key.name, publicKey: stranger.publicKey, crypto)
        #expect(throws: Malformed.self) { try accept(Array(note.text.utf8), same) }
    }

    @Test("a key may not speak for a ledger of another name")
    func otherName() throws {
        let signer = try TestSigner()
        let note = try SignedNote(body: Checkpoint(origin: "other", size: 1, root: crypto.sha256([])).body)
            .signed(as: "mine", by: signer, crypto)
        let key = try NoteKey(name: "mine", publicKey: signer.publicKey, crypto)
        #expect(throws: Malformed.self) { try accept(Array(note.text.utf8), key) }
    }

    @Test(
        "what is not a signed note is refused",
        arguments: [
            "", "\n", "a\n", "a\n\n", "a\n\n— n AAAAAAA=", "a\n\n- n AAAAAAA=\n", "a\n\n— n AAAA\n",
            "a\n\n— n+n AAAAAAA=\n", "a\n\n—  AAAAAAA=\n", "a\n\n— n AAAAAAB=\n", "a\n\n— n AAAAAAA\n",
            "a\n\n— n AAAAAAA= \n", "a\r\n\r\n— n AAAAAAA=\n", "a\t\n\n— n AAAAAAA=\n", "a\n\n— n AAAAAAA=\n\n",
        ])
    func notNotes(text: String) {
        #expect(throws: Malformed.self) { try SignedNote(parsing: Array(text.utf8)) }
    }

    @Test("size and number of signatures are bounded")
    func bounds() throws {
        let line = "— n AAAAAAA=\n"
        let most = "a\n\n" + String(repeating: line, count: 16)
        #expect(try SignedNote(parsing: Array(most.utf8)).signatures.count == 16)
        #expect(throws: Malformed.self) { try SignedNote(parsing: Array((most + line).utf8)) }
        let long = String(repeating: "a", count: SignedNote.maximumBytes) + "\n\n" + line
        #expect(throws: Malformed.self) { try SignedNote(parsing: Array(long.utf8)) }
    }

    @Test(
        "a checkpoint has one spelling",
        arguments: [
            "o\n01\n%\n", "o\n+1\n%\n", "o\n-1\n%\n", "o\n1\n%\nextension\n", "\n1\n%\n", "o\n1\nAAAA\n", "o\n1\n%",
        ])
    func spelling(body: String) {
        let root = Base64.encode([UInt8](repeating: 0, count: 32))
        #expect(throws: Malformed.self) { try Checkpoint(body: body.replacing("%", with: root)) }
    }

    @Test("base64 is that of RFC 4648 section 10, in one spelling only")
    func base64() {
        for (plain, text) in [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            #expect(Base64.encode(Array(plain.utf8)) == text)
            #expect(Base64.decode(text.utf8) == Array(plain.utf8))
        }
        for wrong in ["Zg", "Zg=", "Zh==", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm9_", "=AAA", "AA=A"] {
            #expect(Base64.decode(wrong.utf8) == nil, "\(wrong)")
        }
    }

    @Test("a ledger id must be a UUID in lower case")
    func ledgerID() throws {
        for wrong in ["", "4B0C4F6E-1d55-4f3c-9a6e-0f2f5ad7b111", "4b0c4f6e1d554f3c9a6e0f2f5ad7b111"] {
            #expect(throws: Malformed.self) {
                try LedgerOrigin(agency: AgencyID("harbour"), identity: crypto.sha256([]), ledger: wrong)
            }
        }
    }
}
