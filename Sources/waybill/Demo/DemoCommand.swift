internal import Foundation
internal import Premises

/// A program run to its end, its output kept.
struct DemoCommand {
    struct Outcome {
        let code: Int32
        /// Standard output and standard error as they came.
        let text: String
    }

    /// This very executable.
    static func ourselves() throws -> URL {
        URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    }

    private let program: URL
    private let environment: [String: String]?

    /// - Parameter environment: nil: ours.
    init(_ program: URL, environment: [String: String]? = nil) {
        self.program = program
        self.environment = environment
    }

    /// Runs it in a folder. Output goes through a file there, so that neither side ever waits for the other.
    func run(_ arguments: [String], in folder: String) async throws -> Outcome {
        let output = "\(folder)/.output-\(UUID().uuidString)"
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let handle = Foundation.FileHandle(forWritingAtPath: output)
        else {
            throw Trouble(
                "The demo cannot write.", why: "No file can be made in \(folder).", fix: "Name another folder.")
        }
        defer { try? FileManager.default.removeItem(atPath: output) }
        let process = Process()
        (process.executableURL, process.arguments) = (program, arguments)
        process.currentDirectoryURL = URL(filePath: folder)
        if let environment { process.environment = environment }
        process.standardInput = Foundation.FileHandle.nullDevice
        (process.standardOutput, process.standardError) = (handle, handle)
        try Task.checkCancellation()
        let code = try await withTaskCancellationHandler {
            try await Self.end(of: process)
        } onCancel: {
            if process.isRunning { process.terminate() }
        }
        try Task.checkCancellation()
        return Outcome(code: code, text: (try? String(contentsOfFile: output, encoding: .utf8)) ?? "")
    }

    private static func end(of process: Process) async throws -> Int32 {
        try await withCheckedThrowingContinuation { done in
            process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch {
                process.terminationHandler = nil
                done.resume(throwing: error)
            }
        }
    }
}
