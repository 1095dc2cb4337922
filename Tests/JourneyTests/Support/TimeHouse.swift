import Foundation
import Glibc
import Synchronization

/// A time authority on this machine: HTTP on 127.0.0.1 in front of `openssl ts -reply`. It can be closed and opened again
/// at the same port, and can lie.
final class TimeHouse: Sendable {
    enum Manner: Sendable {
        case honest
        /// Signs what it is asked about with a key that nobody trusts.
        case strangersKey
        /// Answers every request with the first answer that it gave.
        case stale
        case webPage
    }

    let port: Int
    private let folder: String
    private let state = Mutex(State())

    private struct State {
        var listener: Int32?
        var manner = Manner.honest
        var asked = 0
        var first: Data?
    }

    private static let settings = """
        [req]
        distinguished_name = name
        [name]
        [tsa]
        default_tsa = honest
        [honest]
        serial = serial
        signer_cert = honest.pem
        signer_key = honest.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        clock_precision_digits = 3
        [stranger]
        serial = serial
        signer_cert = stranger.pem
        signer_key = stranger.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256

        """

    init(in scratch: Scratch) async throws {
        port = try Ports.free()
        folder = "\(scratch.path)/time-house"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try Self.settings.write(toFile: "\(folder)/tsa.cnf", atomically: true, encoding: .utf8)
        for name in ["honest", "stranger"] { try await certify(name) }
    }

    private func certify(_ name: String) async throws {
        let made = try await Command.tool(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "\(name).key", "-out", "\(name).pem", "-days", "90", "-subj", "/CN=\(name)", "-config", "tsa.cnf",
                "-addext", "basicConstraints=critical,CA:false", "-addext", "keyUsage=critical,digitalSignature",
                "-addext", "extendedKeyUsage=critical,timeStamping",
            ], in: folder)
        try require(made.code == 0, "\(made)")
    }

    var certificate: String { "\(folder)/honest.pem" }
    var asked: Int { state.withLock { $0.asked } }
    var manner: Manner {
        get { state.withLock { $0.manner } }
        set { state.withLock { $0.manner = newValue } }
    }

    /// Lines for `waybill.yaml`.
    func settings(every: String = "1s") -> String {
        """
        timestamps: { authority: "http://127.0.0.1:\(port)/tsa", certificate: \(certificate), every: \(every) }
        """
    }

    func open() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var (yes, address) = (Int32(1), sockaddr_in())
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(listener, $0, size) == 0 }
        }
        try require(isBound && listen(listener, 16) == 0, "the time house cannot listen on \(port)")
        state.withLock { $0.listener = listener }
        Thread { self.serve(listener) }.start()
    }

    /// From now on connections are refused.
    func close() {
        guard let listener = state.withLock({ $0.listener.take() }) else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
    }

    private func serve(_ listener: Int32) {
        while true {
            let visitor = accept(listener, nil, nil)
            guard visitor >= 0 else { return }
            answer(FileHandle(fileDescriptor: visitor, closeOnDealloc: true))
        }
    }

    private func answer(_ visitor: FileHandle) {
        guard let query = Self.body(of: visitor), let (type, reply) = try? reply(to: query) else { return }
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: \(type)\r\ncontent-length: \(reply.count)\r\nconnection: close\r\n\r\n"
        try? visitor.write(contentsOf: Data(head.utf8) + reply)
    }

    private func reply(to query: Data) throws -> (String, Data) {
        let manner = state.withLock { state in
            state.asked += 1
            return state.manner
        }
        if manner == .webPage { return ("text/html", Data("<p>Welcome.</p>".utf8)) }
        let type = "application/timestamp-reply"
        if manner == .stale, let first = state.withLock({ $0.first }) { return (type, first) }
        try query.write(to: URL(fileURLWithPath: "\(folder)/query.tsq"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        let section = manner == .strangersKey ? "stranger" : "honest"
        process.arguments = [
            "ts", "-reply", "-config", "tsa.cnf", "-section", section, "-queryfile", "query.tsq", "-out", "reply.tsr",
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let reply = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/reply.tsr"))
        state.withLock { if $0.first == nil { $0.first = reply } }
        return (type, reply)
    }

    /// The body of one request; nil if it breaks off.
    private static func body(of visitor: FileHandle) -> Data? {
        var got = Data()
        while got.count < 65_536 {
            if let end = got.range(of: Data("\r\n\r\n".utf8)) {
                let head = String(decoding: got[..<end.lowerBound], as: UTF8.self).lowercased()
                let length = head.components(separatedBy: "content-length: ").dropFirst().first
                    .flatMap { Int($0.prefix { $0.isNumber }) }
                guard let length, head.contains("application/timestamp-query") else { return nil }
                if got.count >= end.upperBound + length { return got[end.upperBound..<(end.upperBound + length)] }
            }
            guard let more = try? visitor.read(upToCount: 1), !more.isEmpty else { return nil }
            got += more
        }
        return nil
    }
}
