internal import Foundation
internal import Premises
internal import Vocabulary

/// One agency of the demo: an installation of its own, with a daemon of its own.
struct DemoAgency {
    let id: AgencyID
    let name: String
    let root: String
    let port: Int
    /// Invented: Ofcom keeps 01632 960000 to 960999 free for drama.
    let telephone: String

    init(_ id: String, _ name: String, in folder: String, port: Int, telephone: String) throws {
        self.id = try AgencyID(id)
        (self.name, self.port, self.telephone) = (name, port, telephone)
        root = "\(folder)/\(id)"
    }

    var configuration: String { "\(root)/waybill.yaml" }
    var log: String { "\(root)/waybilld.log" }

    func outbox(_ partner: DemoAgency, _ route: String) -> String { "\(root)/outbox/\(partner.id)/\(route)" }
    func inbox(_ partner: DemoAgency, _ route: String) -> String { "\(root)/inbox/\(partner.id)/\(route)" }
    func premises() throws -> InstalledAgency { try InstalledAgency(configuration: configuration) }

    /// Shorter waits than an agency would want, because people are watching.
    func hurry() throws {
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        let more = "settle: 100ms\nscan-interval: 250ms\nretry: { first: 100ms, most: 1s }\n"
        try (text + more).write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    /// Starts `waybilld`; returns once it is ready.
    func start(_ program: URL) async throws -> DemoDaemon {
        guard FileManager.default.createFile(atPath: log, contents: nil),
            let handle = Foundation.FileHandle(forWritingAtPath: log)
        else {
            throw Trouble("The demo cannot write.", why: "No file can be made in \(root).", fix: "Name another folder.")
        }
        let process = Process()
        (process.executableURL, process.arguments) = (program, ["daemon", "--config", configuration])
        process.standardInput = Foundation.FileHandle.nullDevice
        (process.standardOutput, process.standardError) = (handle, handle)
        try process.run()
        return DemoDaemon(process: process, log: log)
    }
}

/// A daemon that the demo started, and stops by its process id.
struct DemoDaemon {
    let process: Process
    let log: String

    func ready() async throws {
        try await DemoWait.until("The daemon did not start.", seconds: 15, else: { [log] in Self.lastLines(log) }) {
            [process, log] in
            guard process.isRunning else {
                throw Trouble("The daemon ended.", why: Self.lastLines(log), fix: "Run the demo again.")
            }
            return (try? String(contentsOfFile: log, encoding: .utf8))?.contains(">ready") == true
        }
    }

    /// Asks, waits, and insists if need be.
    func stop() async {
        guard process.isRunning else { return }
        process.terminate()
        for _ in 0..<1200 where process.isRunning { await DemoWait.pause(milliseconds: 10) }
        if process.isRunning { _ = kill(process.processIdentifier, SIGKILL) }
    }

    private static func lastLines(_ log: String) -> String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(3).joined(separator: "\n       ")
    }
}

/// Waiting for what a daemon does.
enum DemoWait {
    /// Looks every 5 ms. Throws `Trouble`, or `CancellationError` after Ctrl-C.
    static func until(
        _ what: String, seconds: Double, else why: () -> String = { "It took too long." },
        _ condition: () throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while try !condition() {
            guard ContinuousClock.now < end else {
                throw Trouble(what, why: why(), fix: "Run it again with --keep and look at the logs.")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Not cut short by Ctrl-C: used while tidying up.
    static func pause(milliseconds: Int64) async {
        await Task.detached { try? await Task.sleep(for: .milliseconds(milliseconds)) }.value
    }
}
