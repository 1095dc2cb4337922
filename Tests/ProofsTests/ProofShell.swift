import Foundation

/// A folder of one test's own, gone with it.
final class ProofFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "waybill-proof-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name))) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let place = URL(filePath: path + "/" + name).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    /// Regular files below a folder, relative to it.
    func files(below inner: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path + "/" + inner).filter { name in
            var isFolder: ObjCBool = false
            let full = path + "/\(inner)/\(name)"
            let exists = unsafe FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
            return exists && !isFolder.boolValue
        }.sorted()
    }
}

/// Runs `verify.sh` where nothing but sh, coreutils and openssl can be found.
struct ProofShell {
    struct Outcome {
        let status: Int32
        let lines: [String]
        /// What the shell and its tools complained about by themselves; always meant to be empty.
        let complaints: String
        var last: String { lines.last ?? "" }
    }

    /// The published copy of verify.sh.
    static let script: String =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Documentation/verify.sh").path(percentEncoded: false)

    /// All that verify.sh may use; `cmp` is missing on purpose, for it is no part of coreutils.
    private static let tools = [
        "base64", "cat", "cp", "cut", "date", "head", "mktemp", "od", "openssl", "printf", "rm", "sha256sum", "sort",
        "tail", "test", "tr", "wc",
    ]

    private let bin: ProofFolder

    init(shell: String = "/bin/sh") throws {
        bin = try ProofFolder()
        for tool in Self.tools { try link(tool, to: "/usr/bin/" + tool) }
        try link("sh", to: shell)
    }

    /// Writes a line into this file for each start of openssl, by far the slowest of the tools.
    init(counting file: String) throws {
        try self.init()
        try bin.remove("openssl")
        try bin.write("openssl", Array("#!/bin/sh\necho >> \(file)\nexec /usr/bin/openssl \"$@\"\n".utf8))
        let path = bin.path + "/openssl"
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: bin.path + "/" + name, withDestinationPath: target)
    }

    func verify(_ arguments: String...) throws -> Outcome { try verify(arguments) }

    func verify(_ arguments: [String], script: String = ProofShell.script) throws -> Outcome {
        let process = Process()
        let (output, complaints) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: bin.path + "/sh")
        process.arguments = [script] + arguments
        process.environment = ["PATH": bin.path]
        process.standardOutput = output
        process.standardError = complaints
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errors = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, lines: text.split(separator: "\n").map(String.init), complaints: errors)
    }
}
