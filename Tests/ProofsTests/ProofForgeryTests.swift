import Envelope
import Ledger
import Proofs
import Testing
import Vocabulary

/// The prover itself is dishonest here: it changes something and signs the list anew.
@Suite("A proof forged by its prover", .serialized)
struct ProofForgeryTests {
    @Test("with a receipt for another waybill fails")
    func foreignReceipt() async throws {
        let fixture = try ProofFixture()
        let other = try fixture.waybill(file: Array("another file".utf8))
        let receipt = try fixture.receipt(for: other).encoded
        try await expect("receipt.p7s", fixture) { folder in
            try folder.write(
                "proof/receipt.p7s", try fixture.signer(fixture.recipient).sign(receipt, at: ProofFixture.receivedAt))
        }
    }

    @Test("with a receipt signed by the sender fails")
    func ownReceipt() async throws {
        let fixture = try ProofFixture()
        let receipt = try fixture.receipt(for: fixture.waybill()).encoded
        try await expect("receipt.p7s", fixture) { folder in
            try folder.write(
                "proof/receipt.p7s", try fixture.signer(fixture.sender).sign(receipt, at: ProofFixture.receivedAt))
        }
    }

    @Test("with a receipt signed by a key of another role fails")
    func wrongRole() async throws {
        let fixture = try ProofFixture()
        let receipt = try fixture.receipt(for: fixture.waybill()).encoded
        let identity = fixture.recipient.identity
        let signer = try StatementSigner(identityKey: identity.key(), identity: identity.certificate)
        try await expect("receipt.p7s", fixture) { folder in
            try folder.write("proof/receipt.p7s", try signer.sign(receipt, at: ProofFixture.receivedAt))
        }
    }

    @Test("with a receipt signed by a key that is for signing, and may issue certificates as well, fails")
    func issuingKey() async throws {
        let fixture = try ProofFixture()
        let receipt = try fixture.receipt(for: fixture.waybill()).encoded
        let keys = fixture.recipient
        let certificate = try issuing(keys.signing, by: keys.identity)
        let signer = try StatementSigner(identityKey: keys.signing.key(), identity: certificate)
        try await expect("receipt.p7s", fixture) { folder in
            try folder.write("proof/receipt.p7s", try signer.sign(receipt, at: ProofFixture.receivedAt))
        }
    }

    /// The same key and purpose, and `CA:TRUE`: nothing of ours makes such a certificate, so `openssl` does.
    private func issuing(_ pair: KeyRing.Pair, by identity: KeyRing.Pair) throws -> Certificate {
        let folder = try ProofFolder()
        for (name, one) in [("leaf", pair), ("identity", identity)] {
            try folder.write("\(name).key", one.key().pem())
            try folder.write("\(name).pem", Array(one.certificate.pem.utf8))
        }
        let purpose = "extendedKeyUsage=critical,2.25.71466158941485835307149360238295348366.1"
        let settings = """
            [ca]
            default_ca=it
            [it]
            database=list
            new_certs_dir=.
            policy=any
            default_md=sha256
            rand_serial=yes
            [any]
            commonName=supplied
            [with]
            basicConstraints=critical,CA:TRUE
            \(purpose)
            """
        try folder.write("settings", Array(settings.utf8))
        try folder.write("list", [])
        let request = "req -new -key leaf.key -subj /CN=leaf -out leaf.csr"
        let issue =
            "ca -batch -notext -config settings -extensions with -cert identity.pem -keyfile identity.key"
            + " -startdate 20260501000000Z -enddate 20270501000000Z -in leaf.csr -out made.pem"
        for command in [request, issue] {
            _ = try ProofAuthority.openssl(command.split(separator: " ").map(String.init), in: folder.path)
        }
        return try Certificate(pem: folder.read("made.pem"))
    }

    @Test("with a receipt whose date is not that of its signature fails")
    func backdated() async throws {
        let fixture = try ProofFixture()
        let receipt = try fixture.receipt(for: fixture.waybill(), at: ProofFixture.sentAt).encoded
        try await expect("receipt.p7s", fixture) { folder in
            try folder.write(
                "proof/receipt.p7s", try fixture.signer(fixture.recipient).sign(receipt, at: ProofFixture.receivedAt))
        }
    }

    @Test("with another receipt than the one in its ledger fails")
    func otherReceipt() async throws {
        let fixture = try ProofFixture()
        let receipt = try fixture.receipt(for: fixture.waybill(), at: ProofFixture.provedAt).encoded
        try await expect("entries/8.detail", fixture) { folder in
            try folder.write(
                "proof/receipt.p7s", try fixture.signer(fixture.recipient).sign(receipt, at: ProofFixture.provedAt))
        }
    }

    @Test("with the receipt of an agency that is not the waybill's recipient fails")
    func strangersCard() async throws {
        let (fixture, stranger) = (try ProofFixture(), try ProofFixture())
        try await expect("waybill.p7s", fixture) { folder in
            try folder.write("proof/recipient.card", try stranger.card(stranger.recipient, "hartlepool-council"))
        }
    }

    @Test("with a card under another name fails")
    func renamed() async throws {
        let fixture = try ProofFixture()
        try await expect("waybill.p7s", fixture) { folder in
            try folder.write("proof/recipient.card", try fixture.card(fixture.recipient, "hartlepool-county"))
        }
    }

    @Test("signed by the other party's key fails")
    func signedByTheOther() async throws {
        let fixture = try ProofFixture()
        try await expect("SHA256SUMS.p7s", fixture, by: fixture.recipient) { _ in }
    }

    @Test("with a signing key that was retired before it signed fails")
    func retired() async throws {
        var fixture = try ProofFixture()
        let contents = try await fixture.contents()
        let key = fixture.recipient.signing.certificate.fingerprint
        fixture.retired = [.init(fingerprint: key, role: .signing, at: ProofFixture.sentAt, reason: "lost")]
        let card = try fixture.card(fixture.recipient, "hartlepool-council")
        try await expect("receipt.p7s", fixture, contents) { try $0.write("proof/recipient.card", card) }
    }

    @Test("with a ledger key that has been retired fails")
    func retiredLedgerKey() async throws {
        var fixture = try ProofFixture()
        let contents = try await fixture.contents()
        let key = fixture.sender.ledger.certificate.fingerprint
        fixture.retired = [.init(fingerprint: key, role: .ledger, at: ProofFixture.sentAt, reason: "lost")]
        let card = try fixture.card(fixture.sender, "cleveland-police", serial: 2)
        try await expect("checkpoint", fixture, contents) { try $0.write("proof/prover.card", card) }
    }

    @Test("with an older card of its prover than that of the day fails")
    func olderCard() async throws {
        let fixture = try ProofFixture()
        let card = try fixture.card(fixture.sender, "cleveland-police", serial: 0)
        try await expect("prover.card", fixture) { try $0.write("proof/prover.card", card) }
    }

    @Test("with a changed leaf, a changed detail or another salt fails")
    func changedEntry() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents()
        let changes = [("leaf", "delivered", "received"), ("detail", "strategy", "straTegy")]
        for (part, old, new) in changes {
            let name = "entries/8." + part
            let reported = part == "leaf" ? "entries/8.tlog-proof" : name
            try await expect(reported, fixture, contents) { folder in
                let bytes = replace(try folder.read("proof/" + name), old, new)
                try folder.write("proof/" + name, bytes)
            }
        }
        try await expect("entries/8.detail", fixture, contents) { folder in
            try folder.write("proof/entries/8.salt", Array((SHA256.digest([1]).hex + "\n").utf8))
        }
    }

    @Test("with an entry in another's place fails")
    func movedEntry() async throws {
        let fixture = try ProofFixture()
        try await expect("entries/8.leaf", fixture) { folder in
            try folder.write("proof/entries/8.leaf", try folder.read("proof/entries/7.leaf"))
        }
        try await expect("entries/8.tlog-proof", fixture) { folder in
            try folder.write("proof/entries/8.tlog-proof", try folder.read("proof/entries/7.tlog-proof"))
        }
    }

    @Test("with a checkpoint that its ledger did not sign fails")
    func foreignCheckpoint() async throws {
        let fixture = try ProofFixture()
        try await expect("checkpoint", fixture) { folder in
            let text = replace(try folder.read("proof/checkpoint"), "\n15\n", "\n16\n")
            try folder.write("proof/checkpoint", text)
        }
    }

    @Test("without the entry that records the answer fails")
    func missingEntry() async throws {
        let fixture = try ProofFixture()
        try await expect("entries", fixture) { folder in
            for part in ["leaf", "salt", "detail", "tlog-proof"] { try folder.remove("proof/entries/8." + part) }
        }
    }

    @Test("still holds when a detail has been erased, and says so")
    func erased() async throws {
        let fixture = try ProofFixture()
        try await expect(nil, fixture) { folder in
            for part in ["salt", "detail"] { try folder.remove("proof/entries/8." + part) }
        }
    }

    // MARK: Help

    /// Changes a proof, signs it again and requires both verifiers to name this file; nil: both accept it.
    private func expect(
        _ name: String?, _ fixture: ProofFixture, _ contents: ProofContents? = nil, by ring: KeyRing? = nil,
        _ change: (ProofFolder) throws -> Void
    ) async throws {
        var made = contents
        if made == nil { made = try await fixture.contents() }
        let folder = try fixture.write(try #require(made))
        try change(folder)
        try fixture.signAgain(folder, by: ring)
        let (outcome, report) = try fixture.check(folder)
        #expect(outcome.status == (name == nil ? 0 : 1) && outcome.complaints.isEmpty, "\(outcome)")
        #expect(report.failure?.what == name, "\(report.lines)")
        if let name { #expect(outcome.last.hasPrefix("FAIL  \(name):"), "\(outcome)") }
    }

    private func replace(_ bytes: [UInt8], _ old: String, _ new: String) -> [UInt8] {
        let (old, new) = (Array(old.utf8), Array(new.utf8))
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: old) }) else { return bytes }
        return Array(bytes[..<start]) + new + Array(bytes[(start + old.count)...])
    }
}
