import Envelope
import Foundation
import Synchronization
import Testing
import Transport

/// A real time authority behind the seam: `openssl ts -reply` with a certificate of its own making.
final class StampingAuthority: Sendable {
    private let folder: String
    let trusted: TimeAuthorities

    private static let settings = """
        [req]
        distinguished_name = name
        [name]
        [tsa]
        default_tsa = here
        [here]
        serial = serial
        signer_cert = tsa.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        clock_precision_digits = 3

        """

    init(in root: String) throws {
        folder = "\(root)/authority-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.settings.utf8).write(to: URL(filePath: "\(folder)/tsa.cnf"))
        try Self.openssl(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "tsa.key",
                "-out", "tsa.pem", "-days", "30", "-subj", "/CN=Clock of tests", "-config", "tsa.cnf",
                "-addext", "basicConstraints=critical,CA:false", "-addext", "keyUsage=critical,digitalSignature",
                "-addext", "extendedKeyUsage=critical,timeStamping",
            ], in: folder)
        trusted = try TimeAuthorities(pem: [UInt8](Data(contentsOf: URL(filePath: "\(folder)/tsa.pem"))))
    }

    /// TimeStampResp.
    func reply(to request: [UInt8]) throws(TryLater) -> [UInt8] {
        let name = UUID().uuidString
        do {
            try Data(request).write(to: URL(filePath: "\(folder)/\(name).tsq"))
            try Self.openssl(
                ["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "\(name).tsq", "-out", "\(name).tsr"], in: folder)
            return [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name).tsr")))
        } catch {
            throw TryLater(.ours, "the test's own authority: \(error)")
        }
    }

    private static func openssl(_ arguments: [String], in folder: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments)")
    }
}
