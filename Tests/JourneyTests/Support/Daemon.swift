import Foundation
import Glibc
import Synchronization

/// A running `waybilld`, its log in a file.
final class Daemon {
    let log: String
    private let process = Process()

    /// Process ids of all daemons that run now, for the end of the test program however it ends.
    private static let running = Mutex<Set<Int32>>([])
    private static let killAtExit: Void = {
        atexit { for id in Daemon.running.withLock({ $0 }) { Glibc.kill(id, SIGKILL) } }
        return ()
    }()

    /// - Parameter program: the binary, or what runs it, with its arguments.
    init(
        _ program: [String] = [Binary.path], configuration: String, log: String, environment: [String: String] = [:]
    ) throws {
        _ = Self.killAtExit
        self.log = log
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try handle.seekToEnd()
        process.executableURL = URL(fileURLWithPath: program[0])
        process.arguments = program.dropFirst() + ["daemon", "--config", configuration]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        Self.running.withLock { _ = $0.insert(id) }
        try handle.close()
    }

    var id: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// Asks it to stop; returns its exit code.
    func stop(within seconds: Double = 15) async throws -> Int32 {
        process.terminate()
        return try await exit(within: seconds, because: "after SIGTERM")
    }

    /// SIGSTOP and SIGCONT: nothing moves in it between them.
    func pause() { Glibc.kill(id, SIGSTOP) }
    func goOn() { Glibc.kill(id, SIGCONT) }

    func kill() async throws {
        Glibc.kill(id, SIGKILL)
        _ = try await exit(within: Wait.patience, because: "after SIGKILL")
    }

    /// Waits for its end: the exit code, or minus the number of the signal that ended it.
    func exit(within seconds: Double, because why: String) async throws -> Int32 {
        try await Wait.until("the daemon ended \(why)", within: seconds) { !process.isRunning }
        process.waitUntilExit()
        Self.running.withLock { _ = $0.remove(id) }
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }
}
