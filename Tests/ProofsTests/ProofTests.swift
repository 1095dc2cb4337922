import Envelope
import Foundation
import Ledger
import Proofs
import Testing
import Vocabulary

@Suite("The proof of one delivery", .serialized)
struct ProofTests {
    @Test(
        "is accepted by verify.sh with sh, coreutils and openssl alone, and by the verifier",
        arguments: [Direction.sent, .received], [false, true])
    func holds(side: Direction, refused: Bool) async throws {
        let fixture = try ProofFixture(side)
        let folder = try fixture.write(await fixture.contents(refused: refused))
        let (outcome, report) = try fixture.check(folder, delivered: true)
        #expect(outcome.status == 0, "\(outcome)")
        let start =
            "claimed by the prover; the signatures hold, if those fingerprints are theirs: cleveland-police sent this"
        #expect(outcome.last.hasPrefix(start), "\(outcome)")
        #expect(outcome.last.contains(refused ? "refused it" : "holds it"))
        #expect(report.holds && !report.isPinned, "\(report.lines)")
        #expect((report.refusal != nil) == refused && (report.receipt != nil) == !refused)
    }

    @Test("says PROVED without a condition only when both identities were pinned")
    func pinned() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents { try await fixture.countersign($0, at: ProofFixture.receivedAt) }
        let folder = try fixture.write(contents)
        let pins = [fixture.sender, fixture.recipient].map(\.identity.certificate.fingerprint)
        let proof = folder.path + "/proof"
        let shell = try ProofShell()
        #expect(try shell.verify(proof, pins[0].hex, pins[1].hex).last.hasPrefix("PROVED: "))
        let both = try fixture.check(folder, pins: [pins[1], pins[0]])
        #expect(both.outcome.last.hasPrefix("PROVED: ") && both.report.isPinned && both.report.isProved)
        let half = try fixture.check(folder, pins: [pins[0]])
        #expect(half.outcome.status == 0 && half.outcome.last.hasPrefix("PROVED, if"))
        #expect(half.outcome.lines.contains { $0.contains("NOT PINNED") })
        try folder.write("identity.pem", Array(fixture.sender.identity.certificate.pem.utf8))
        #expect(try shell.verify(proof, "--identity", folder.path + "/identity.pem").lines == half.outcome.lines)
    }

    @Test("fails with a fingerprint that is neither agency's, or in the other's place")
    func wrongPin() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        let pins = [fixture.sender, fixture.recipient].map(\.identity.certificate.fingerprint)
        let stranger = SHA256.digest(Array("stranger".utf8))
        let shell = try ProofShell()
        for arguments in [["--identity", stranger.hex], [pins[1].hex, pins[0].hex], [stranger.hex]] {
            let rest = arguments.count == 2 ? arguments[1] : pins[1].hex
            let outcome = try shell.verify(folder.path + "/proof", arguments[0], rest)
            #expect(outcome.status == 1 && outcome.last.hasPrefix("FAIL  ") && outcome.last.contains("identity"))
        }
        let report = try check(folder, pins: [pins[0], stranger])
        #expect(report.failure?.what == "--identity")
    }

    @Test("fails with another file than the delivered one")
    func wrongFile() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        let other = Array("minutes of another meeting".utf8)
        try folder.write("other", other)
        let outcome = try ProofShell().verify(folder.path + "/proof", "--file", folder.path + "/other")
        #expect(outcome.status == 1 && outcome.last.hasPrefix("FAIL  --file:"))
        #expect(try check(folder, delivered: SHA256.digest(other)).failure?.what == "--file")
    }

    @Test("fails for a flipped bit in any file, and both verifiers name that file", .timeLimit(.minutes(10)))
    func flippedBits() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        let shell = try ProofShell()
        let names = try folder.files(below: "proof")
        // Twelve files, and four for each of six entries; of `released` an outsider sees leaf and place alone.
        #expect(names.count == 34)
        for name in names {
            let good = try folder.read("proof/" + name)
            for position in [[0, good.count - 1].randomElement() ?? 0, Int.random(in: 0..<good.count)] {
                let bit = Int.random(in: 0..<8)
                try folder.write("proof/" + name, flip(good, position, bit))
                let outcome = try shell.verify(folder.path + "/proof")
                let clue = Comment("\(name), byte \(position), bit \(bit): \(outcome)")
                #expect(outcome.status == 1 && outcome.last.hasPrefix("FAIL  \(name):"), clue)
                #expect(outcome.complaints.isEmpty, clue)
                #expect(try check(folder).failure?.what == name, clue)
            }
            try folder.write("proof/" + name, good)
        }
        #expect(try shell.verify(folder.path + "/proof").status == 0)
    }

    /// `openssl cms -verify` alone accepts some of these: versions, object identifiers, capitals in the issuer's name.
    @Test("fails for a flipped bit in any byte of the signature over the list", .timeLimit(.minutes(10)))
    func flippedSignature() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        let name = "SHA256SUMS.p7s"
        let good = try folder.read("proof/" + name)
        let text = 60..<60 + (try folder.read("proof/SHA256SUMS").count)
        let shell = try ProofShell()
        // Of the text itself, which is compared byte by byte, a sample will do.
        for position in good.indices where !text.contains(position) || position.isMultiple(of: 61) {
            let bit = Int.random(in: 0..<8)
            try folder.write("proof/" + name, flip(good, position, bit))
            #expect(try check(folder).failure?.what == name, "byte \(position), bit \(bit)")
            // A shell is slow: around the text, where openssl looks away most, and a sample of the rest.
            let isWorthwhile = (22..<60).contains(position) ? position.isMultiple(of: 3) : position.isMultiple(of: 61)
            guard isWorthwhile else { continue }
            let outcome = try shell.verify(folder.path + "/proof")
            #expect(outcome.last.hasPrefix("FAIL  \(name):"), "byte \(position), bit \(bit): \(outcome)")
        }
    }

    @Test("fails for a file too many, a file too few, a link and a folder")
    func strangeFolder() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents()
        let shell = try ProofShell()
        let changes: [(String, (ProofFolder) throws -> Void)] = [
            ("notes.txt", { try $0.write("proof/notes.txt", [1]) }),
            (".hidden", { try $0.write("proof/.hidden", [1]) }),
            ("entries/1.leaf", { try $0.write("proof/entries/1.leaf", [1]) }),
            ("receipt.p7s", { try $0.remove("proof/receipt.p7s") }),
            ("entries/8.salt", { try $0.remove("proof/entries/8.salt") }),
            (
                "checkpoint",
                { folder in
                    try folder.write("checkpoint", folder.read("proof/checkpoint"))
                    try folder.remove("proof/checkpoint")
                    try FileManager.default.createSymbolicLink(
                        atPath: folder.path + "/proof/checkpoint", withDestinationPath: "../checkpoint")
                }
            ),
            (
                "more",
                { folder in
                    try FileManager.default.createDirectory(
                        atPath: folder.path + "/proof/more", withIntermediateDirectories: false)
                }
            ),
        ]
        for (name, change) in changes {
            let folder = try fixture.write(contents)
            try change(folder)
            let outcome = try shell.verify(folder.path + "/proof")
            #expect(outcome.status == 1 && outcome.last.hasPrefix("FAIL  \(name):"), "\(name): \(outcome)")
            #expect(try check(folder).failure?.what == name)
        }
    }

    @Test("is not written over anything, and not at all if it would not verify")
    func refusesToWrite() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents()
        let folder = try fixture.write(contents)
        let writer = ProofWriter(signer: try fixture.signer(fixture.sender))
        #expect(throws: ProofTrouble.notEmpty) {
            try writer.write(contents, to: folder.path + "/proof", at: ProofFixture.provedAt)
        }
        let stranger = ProofWriter(signer: try fixture.signer(fixture.recipient))
        #expect {
            try stranger.write(contents, to: folder.path + "/new", at: ProofFixture.provedAt)
        } throws: { error in
            guard case ProofTrouble.unsound(let what, _)? = error as? ProofTrouble else { return false }
            return what == "SHA256SUMS.p7s"
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/new"))
    }

    @Test("is not made before there is an answer")
    func notEnded() async throws {
        let fixture = try ProofFixture()
        let (ledger, home) = (try fixture.makeLedger(), try fixture.home())
        await #expect(throws: ProofTrouble.notEnded) {
            _ = try await ProofContents.gather(fixture.key(), from: ledger, home)
        }
    }

    @Test("explains itself in plain English with times in UTC and in London")
    func readme() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        let text = String(decoding: try folder.read("proof/README.txt"), as: UTF8.self)
        #expect(text.contains("2026-05-03T08:30:00.123Z UTC (London: 3 May 2026, 09:30:00 BST)"))
        #expect(text.contains("prover's word only") && text.contains("not from this folder"))
        #expect(text.contains("PROOF OF ONE DELIVERY, version 2"))
        #expect(text.contains(try fixture.parties().toIdentity.hex))
        #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= 120 })
    }

    @Test(
        "tells London time by the rule of the last Sundays",
        arguments: [
            ("2026-03-29T00:59:59.999Z", "29 March 2026, 00:59:59 GMT"),
            ("2026-03-29T01:00:00.000Z", "29 March 2026, 02:00:00 BST"),
            ("2026-10-25T00:59:59.999Z", "25 October 2026, 01:59:59 BST"),
            ("2026-10-25T01:00:00.000Z", "25 October 2026, 01:00:00 GMT"),
            ("2024-03-31T01:00:00.000Z", "31 March 2024, 02:00:00 BST"),
            ("2027-10-31T00:59:59.000Z", "31 October 2027, 01:59:59 BST"),
            ("2026-06-30T23:30:00.000Z", "1 July 2026, 00:30:00 BST"),
            ("2026-01-31T09:30:00.000Z", "31 January 2026, 09:30:00 GMT"),
        ])
    func londonTime(utc: String, london: String) throws {
        #expect(LondonTime.text(try Instant(utc)) == london)
    }

    @Test("is checked by verify.sh in a second, with few processes of openssl")
    func swift() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents { try await fixture.countersign($0, at: ProofFixture.receivedAt) }
        let folder = try fixture.write(contents)
        let shell = try ProofShell(counting: folder.path + "/calls")
        #expect(try shell.verify(folder.path + "/proof").status == 0)
        let calls = try folder.read("calls").split(separator: 0x0a).count
        // Cards, list, two statements; two keys of the ledgers and what they signed; five details; the ends of two keys.
        #expect(calls <= 22, "\(calls)")
    }

    @Test("carries the published verify.sh, whose lines are no longer than 120 columns")
    func script() async throws {
        let published = [UInt8](try Data(contentsOf: URL(filePath: ProofShell.script)))
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        #expect(try folder.read("proof/verify.sh") == published)
        #expect(published.split(separator: 0x0a).allSatisfy { $0.count <= 120 })
    }

    @Test("prints nothing that could steer a terminal")
    func printsPlainText() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        let outcome = try ProofShell().verify(folder.path + "/proof")
        #expect(outcome.lines.contains { $0.contains("minutes ") })
        #expect(outcome.lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7e).contains($0) } })
    }

    // MARK: Help

    private func flip(_ bytes: [UInt8], _ position: Int, _ bit: Int) -> [UInt8] {
        var bytes = bytes
        bytes[position] ^= 1 << UInt8(bit)
        return bytes
    }

    private func check(_ folder: ProofFolder, pins: [Fingerprint] = [], delivered: Digest? = nil) throws -> ProofReport
    {
        let known = ProofKnown(pins: pins, delivered: delivered, stamps: ProofAuthority.check)
        return ProofVerifier.verify(try ProofFiles(folder: folder.path + "/proof"), known)
    }
}
