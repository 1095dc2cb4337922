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

    /// Whether the command succeeds.
    func accepts(_ command: String) throws -> Bool { try attempt(command).status == 0 }

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
