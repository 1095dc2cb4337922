import Foundation
import Synchronization
import Transport
import TransportHTTPS
import Vocabulary

/// An agency's identity and its tls-role certificate, made with the `openssl` command.
struct TestAgency: Sendable {
    let id: AgencyID
    /// DER.
    let identity: [UInt8]
    /// DER.
    let leaf: [UInt8]
    let credentials: TLSCredentials
    /// PEM files for tools: certificate and key.
    let certificateFile: String
    let keyFile: String

    init(_ name: String, in folder: URL) throws {
        id = try AgencyID(name)
        let path = { (suffix: String) in folder.appending(path: "\(name)-\(suffix)").path }
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
        try openssl(
            ["req", "-x509"] + key + [
                "-keyout", path("id.key"), "-out", path("id.pem"), "-subj", "/CN=\(name) identity",
                "-addext", "keyUsage=critical,keyCertSign",
            ])
        try openssl(
            ["req", "-x509", "-CA", path("id.pem"), "-CAkey", path("id.key")] + key + [
                "-keyout", path("tls.key"), "-out", path("tls.pem"), "-subj", "/CN=\(name) tls",
                "-addext", "basicConstraints=critical,CA:FALSE",
                "-addext", "extendedKeyUsage=critical,serverAuth,clientAuth,2.25.264561798",
            ])
        for one in ["id", "tls"] {
            try openssl(["x509", "-in", path("\(one).pem"), "-outform", "DER", "-out", path("\(one).der")])
        }
        (certificateFile, keyFile) = (path("tls.pem"), path("tls.key"))
        identity = Array(try Data(contentsOf: URL(filePath: path("id.der"))))
        leaf = Array(try Data(contentsOf: URL(filePath: path("tls.der"))))
        credentials = try TLSCredentials(certificateFile: certificateFile, privateKeyFile: keyFile)
    }
}

/// Runs `openssl` and returns what it printed. Its input ends when `isTime`, and once it has printed `word`. Blocks.
@discardableResult
func openssl(
    _ arguments: [String], input: String? = nil, body: [UInt8] = [], hangUpWhen isTime: () -> Bool = { true },
    orSaid word: String? = nil
) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let (output, stdin) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError, process.standardInput) = (output, output, stdin)
    try process.run()
    if let input { try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8) + Data(body)) }
    for _ in 0..<2000 where !isTime() { Thread.sleep(forTimeInterval: 0.01) }
    var text = ""
    while let word, !text.contains(word), case let more = output.fileHandleForReading.availableData, !more.isEmpty {
        text += String(decoding: more, as: UTF8.self)
    }
    try stdin.fileHandleForWriting.close()
    text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus != 0, input == nil { throw OpenSSLFailed(text: text) }
    return text
}

struct OpenSSLFailed: Error { let text: String }

/// Three agencies, made once for all tests; their folder goes when the process ends.
enum TestAgencies {
    struct All: Sendable {
        let police: TestAgency
        let council: TestAgency
        let stranger: TestAgency
    }

    private static let folder = FileManager.default.temporaryDirectory
        .appending(path: "waybill-https-\(UUID().uuidString)")

    private static let made = Result {
        atexit { try? FileManager.default.removeItem(at: TestAgencies.folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return All(
            police: try TestAgency("cleveland-police", in: folder), council: try TestAgency("tees-council", in: folder),
            stranger: try TestAgency("stranger", in: folder))
    }

    static func all() throws -> All { try made.get() }
}

/// A directory that tests can change: knows leaves byte for byte.
final class TestDirectory: PeerDirectory {
    private let agencies: Mutex<[TestAgency]>

    init(_ agencies: TestAgency...) { self.agencies = Mutex(agencies) }

    func forget(_ id: AgencyID) { agencies.withLock { $0.removeAll { $0.id == id } } }
    func peer(presenting leaf: [UInt8]) -> AgencyID? { agencies.withLock { $0.first { $0.leaf == leaf }?.id } }
    func identity(of partner: AgencyID) -> [UInt8]? { agencies.withLock { $0.first { $0.id == partner }?.identity } }
}
