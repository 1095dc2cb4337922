import Foundation
import Proofs
import Vocabulary

/// A real time authority: `openssl ts` with keys of its own, in a folder that goes with it.
///
/// It cannot be told what time it is, so tokens bear the present time, and so must the deliveries that they are about.
struct ProofAuthority {
    let folder: ProofFolder
    /// What a prover's settings would hold: the root.
    let pem: [UInt8]

    private static let settings = """
        [tsa]
        default_tsa = one
        [one]
        serial = serial
        crypto_device = builtin
        signer_cert = tsa.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        accuracy = secs:1
        ess_cert_id_chain = no
        ess_cert_id_alg = sha256
        """

    init() throws {
        let folder = try ProofFolder()
        let run = { (arguments: [String]) in _ = try Self.openssl(arguments, in: folder.path) }
        try folder.write("tsa.cnf", Array(Self.settings.utf8))
        try folder.write("serial", Array("01\n".utf8))
        try folder.write("usage", Array("extendedKeyUsage = critical,timeStamping\n".utf8))
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try run(["req", "-x509"] + key + ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Root", "-days", "30"])
        try run(["req", "-new"] + key + ["-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test clock"])
        try run([
            "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
            "-extfile", "usage", "-out", "tsa.pem",
        ])
        (self.folder, pem) = (folder, try folder.read("ca.pem"))
    }

    /// A token over these bytes.
    func stamp(_ bytes: [UInt8]) throws -> [UInt8] {
        try folder.write("body", bytes)
        try run(["ts", "-query", "-data", "body", "-sha256", "-cert", "-out", "query"])
        try run([
            "ts", "-reply", "-config", "tsa.cnf", "-section", "one", "-queryfile", "query", "-token_out", "-out",
            "token",
        ])
        return try folder.read("token")
    }

    private func run(_ arguments: [String]) throws { _ = try Self.openssl(arguments, in: folder.path) }

    private struct Failure: Error { let text: String }

    /// Standard output of the stock program.
    static func openssl(_ arguments: [String], in folder: String) throws -> String {
        let process = Process()
        let (output, complaints) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardOutput = output
        process.standardError = complaints
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errors = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(text: errors) }
        return text
    }

    /// Reads tokens with stock openssl.
    static let check: StampCheck = { token, bytes, authority in
        let folder = try ProofFolder()
        try folder.write("token", token)
        try folder.write("body", bytes)
        try folder.write("ca.pem", authority)
        let text = try openssl(["ts", "-reply", "-in", "token", "-token_in", "-text"], in: folder.path)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Time stamp: ") }) else {
            throw Failure(text: "no time")
        }
        let form = DateFormatter()
        (form.locale, form.dateFormat) = (Locale(identifier: "en_US_POSIX"), "MMM d HH:mm:ss yyyy zzz")
        guard let date = form.date(from: String(line.dropFirst(12)).split(separator: " ").joined(separator: " ")) else {
            throw Failure(text: "no time")
        }
        let seconds = Int64(date.timeIntervalSince1970)
        _ = try openssl(
            [
                "ts", "-verify", "-data", "body", "-in", "token", "-token_in", "-CAfile", "ca.pem", "-partial_chain",
                "-attime", "\(seconds)",
            ], in: folder.path)
        return Instant(seconds: seconds)
    }
}
