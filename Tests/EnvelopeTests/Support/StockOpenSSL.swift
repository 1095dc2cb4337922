import Foundation
import Testing

/// The `openssl` command, as an outsider has it. Every format is held against it in both directions.
struct StockOpenSSL {
    let folder: TemporaryFolder
    var environment: [String: String] = [:]

    /// Runs one command in the folder. Returns what it printed.
    @discardableResult
    func run(_ command: String) throws -> [UInt8] {
        let (status, output, complaint) = try attempt(command)
        try #require(status == 0, "openssl \(command): \(complaint)")
        return output
    }

    /// Whether the command succeeds. For what any sound version does; else `report` or `makes`.
    func accepts(_ command: String) throws -> Bool { try attempt(command).status == 0 }

    /// Says what this version makes of something that ours must refuse, and expects neither.
    func report(_ command: String, _ what: String) throws {
        let verdict = try accepts(command) ? "accepts" : "refuses too"
        print("\(Self.version) \(verdict): \(what)")
    }

    /// Makes something weak with it. False, said aloud, where this version no longer makes such things: then there is
    /// nothing that ours could be shown.
    func makes(_ command: String, _ what: String) throws -> Bool {
        let (status, _, complaint) = try attempt(command)
        if status != 0 { print("NOT TESTED: \(Self.version) does not make: \(what): \(complaint)") }
        return status == 0
    }

    /// Such as `OpenSSL 3.0.19 27 Jan 2026`.
    private static let version: String = {
        guard let folder = try? TemporaryFolder(), let said = try? StockOpenSSL(folder: folder).run("version") else {
            return "stock openssl"
        }
        return String(decoding: said, as: UTF8.self).split(separator: "(").first.map {
            $0.trimmingCharacters(in: .whitespacesAndNewlines)
        } ?? "stock openssl"
    }()

    private func attempt(_ command: String) throws -> (status: Int32, output: [UInt8], complaint: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = words(command)
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
        let output = folder.file("stdout-\(UUID().uuidString)")
        let complaint = output + ".err"
        for path in [output, complaint] { try Data().write(to: URL(filePath: path)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: complaint))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, [UInt8](try Data(contentsOf: URL(filePath: output))),
            try String(contentsOf: URL(filePath: complaint), encoding: .utf8)
        )
    }

    /// Words are parted by spaces; single quotes hold a word together.
    private func words(_ command: String) -> [String] {
        command.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, piece in
            index.isMultiple(of: 2) ? piece.split(separator: " ").map(String.init) : [String(piece)]
        }
    }
}
