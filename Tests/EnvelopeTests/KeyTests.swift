import Envelope
import Foundation
import Testing
import Vocabulary

@Suite struct KeyTests {
    let agency: Agency

    init() throws { agency = try Agency() }

    @Test("a key survives its PEM, and stock openssl reads it as PKCS #8", arguments: [KeyKind.p256, .ed25519])
    func pem(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let again = try PrivateKey(pem: key.pem())
        #expect(again.fingerprint == key.fingerprint)
        try agency.folder.write(key.pem(), to: "some.key")
        #expect(String(decoding: try key.pem(), as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(try agency.openssl.run("pkey -in some.key -pubout -outform DER") == key.publicKey.spki)
    }

    @Test("the fingerprint is SHA-256 of the SubjectPublicKeyInfo as stock openssl writes it")
    func fingerprint() throws {
        let spki = try agency.openssl.run("pkey -in ledger.key -pubout -outform DER")
        try agency.folder.write(spki, to: "spki")
        let digest = try agency.openssl.run("dgst -sha256 -r spki")
        let hex = agency.ring.ledger.certificate.fingerprint.hex
        #expect(String(decoding: digest, as: UTF8.self).hasPrefix(hex))
    }

    @Test("ledger signatures are raw Ed25519, verified by ours and by stock openssl")
    func ed25519() throws {
        let message = Array("waybill/cleveland-police".utf8)
        let signature = try agency.ring.ledger.key().sign(message)
        let publicKey = try #require(agency.ring.ledger.certificate.ed25519PublicKey)
        #expect(signature.count == 64 && publicKey.count == 32)
        #expect(Ed25519.verify(signature, over: message, publicKey: publicKey))
        #expect(!Ed25519.verify(signature, over: message + [0], publicKey: publicKey))
        #expect(!Ed25519.verify(Array(signature.dropLast()), over: message, publicKey: publicKey))
        #expect(!Ed25519.verify(signature, over: message, publicKey: Array(publicKey.dropLast())))
        try agency.folder.write(signature, to: "signature")
        try agency.folder.write(message, to: "checkpoint")
        #expect(
            try agency.openssl.accepts("pkeyutl -verify -inkey ledger.key -rawin -in checkpoint -sigfile signature"))
    }

    @Test(
        "other kinds of key are refused",
        arguments: ["EC -pkeyopt ec_paramgen_curve:P-384", "RSA -pkeyopt rsa_keygen_bits:2048", "ED448"])
    func otherKinds(kind: String) throws {
        try agency.openssl.run("genpkey -algorithm \(kind) -out other.key")
        let pem = try agency.folder.read("other.key")
        #expect(throws: EnvelopeError.key(.kind)) { _ = try PrivateKey(pem: pem) }
    }

    @Test("a key with a password is refused and nobody is asked for one")
    func password() throws {
        try agency.openssl.run("pkcs8 -topk8 -in tls.key -out locked.key -passout pass:secret")
        let pem = try agency.folder.read("locked.key")
        #expect(throws: EnvelopeError.key(.unreadable)) { _ = try PrivateKey(pem: pem) }
        #expect(throws: EnvelopeError.key(.unreadable)) { _ = try PrivateKey(pem: []) }
    }

    @Test("a key file of mode 0600 in a folder of mode 0700 is loaded", arguments: [0o600, 0o400])
    func closedFile(mode: Int) throws {
        try agency.folder.write(agency.ring.tls.pem, to: "mine.key", mode: mode)
        let key = try KeyFile.load(agency.folder.file("mine.key"))
        #expect(key.fingerprint == agency.ring.tls.certificate.fingerprint)
    }

    @Test("a key file that others can reach is refused", arguments: [0o640, 0o604, 0o610, 0o601, 0o644, 0o660])
    func looseFile(mode: Int) throws {
        try agency.folder.write(agency.ring.tls.pem, to: "mine.key", mode: mode)
        #expect(throws: EnvelopeError.key(.looseFile)) { _ = try KeyFile.load(agency.folder.file("mine.key")) }
        #expect(EnvelopeError.key(.looseFile).description.contains("chmod 600"))
    }

    @Test("a key file in a folder that others can reach is refused", arguments: [0o750, 0o701, 0o755, 0o710])
    func looseFolder(mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: agency.folder.path)
        #expect(throws: EnvelopeError.key(.looseFolder)) { _ = try KeyFile.load(agency.folder.file("tls.key")) }
        #expect(EnvelopeError.key(.looseFolder).description.contains("chmod 700"))
    }

    @Test("links, folders, pipes, huge files and missing files are refused as keys")
    func notAFile() throws {
        let files = FileManager.default
        try files.createSymbolicLink(atPath: agency.folder.file("link"), withDestinationPath: "tls.key")
        try files.createDirectory(
            atPath: agency.folder.file("folder"), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        let made = unsafe mkfifo(agency.folder.file("pipe"), 0o600)
        #expect(made == 0)
        try agency.folder.write(Array(repeating: 10, count: 65_537), to: "huge")
        for name in ["link", "folder", "pipe", "huge"] {
            #expect(throws: EnvelopeError.key(.notAFile), "\(name)") { _ = try KeyFile.load(agency.folder.file(name)) }
        }
        #expect(throws: EnvelopeError.key(.missing)) { _ = try KeyFile.load(agency.folder.file("nothing")) }
    }

    @Test("a key file of another user is refused", .enabled(if: geteuid() == 0, "needs root to give a file away"))
    func otherOwner() throws {
        try agency.folder.write(agency.ring.tls.pem, to: "mine.key")
        try FileManager.default.setAttributes([.ownerAccountID: 65_534], ofItemAtPath: agency.folder.file("mine.key"))
        #expect(throws: EnvelopeError.key(.owner)) { _ = try KeyFile.load(agency.folder.file("mine.key")) }
    }
}
