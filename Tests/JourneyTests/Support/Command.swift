import Foundation

/// What a command said.
struct Outcome: Sendable, CustomStringConvertible {
    let command: String
    let code: Int32
    let out: String
    let err: String

    var lines: [String] { out.split(separator: "\n").map(String.init) }
    var description: String { "`\(command)` left with \(code)\n\(out)\(err)" }
}

/// Runs programs to their end without holding a thread: what they say goes through files.
enum Command {
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
        within seconds: Double = Wait.patience
    ) async throws -> Outcome {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try scratch.handle("out")
        process.standardError = try scratch.handle("err")
        try process.run()
        // A test that is cancelled leaves no process behind either.
        let ended = (try? await Wait.upTo(seconds) { !process.isRunning }) ?? false
        if !ended { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try Task.checkCancellation()
        let name = ([URL(fileURLWithPath: program).lastPathComponent] + arguments).joined(separator: " ")
        return Outcome(
            command: name + (ended ? "" : " (killed after \(seconds) s)"), code: process.terminationStatus,
            out: try scratch.text("out"), err: try scratch.text("err"))
    }

    /// `waybill`.
    static func waybill(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
        try await run(Binary.path, arguments, environment: environment)
    }

    /// A program found on the PATH.
    static func tool(_ name: String, _ arguments: [String], in folder: String? = nil) async throws -> Outcome {
        try await run("/usr/bin/env", [name] + arguments, in: folder)
    }
}
