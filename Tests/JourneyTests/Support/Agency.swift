import Foundation

/// A temporary installation of Waybill and the daemon that runs on it.
final class Agency {
    let id: String
    let folder: String
    let port: Int
    private(set) var daemon: Daemon?
    private(set) var fingerprint = ""

    /// Quick, so that journeys are. A journey's own lines take their place.
    private static let settings = """

        settle: 200ms
        scan-interval: 500ms
        retry: { first: 100ms, most: 1s }

        """

    /// `waybill init`, then the settings that tests use and `extra` lines of YAML.
    init(_ id: String, in scratch: Scratch, extra: String = "", listeningOn port: Int? = nil) async throws {
        self.id = id
        folder = "\(scratch.path)/\(id)"
        self.port = try port ?? Ports.free()
        let made = try await Command.waybill([
            "init", folder, "--agency", id, "--name", "Agency \(id)", "--listen", "127.0.0.1:\(self.port)",
        ])
        try require(made.code == 0, "init failed: \(made)")
        try FileManager.default.createDirectory(atPath: "\(folder)/desk", withIntermediateDirectories: false)
        let usual = Self.settings.split(separator: "\n").filter { !extra.contains($0.prefix { $0 != ":" } + ":") }
        try addSettings("\n" + usual.joined(separator: "\n") + "\n" + extra)
        fingerprint = try await asked("card", "--fingerprint").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    var configuration: String { "\(folder)/waybill.yaml" }
    var log: String { "\(folder)/desk/daemon.log" }

    func addSettings(_ lines: String) throws {
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        try (text + lines + "\n").write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    // MARK: - The daemon

    /// Starts the daemon and waits until it is ready.
    func start(_ environment: [String: String] = [:]) async throws {
        try await start([Binary.path], environment)
    }

    /// As an account that has no rights beyond those of its files. The folder must be its own.
    func startAsNobody() async throws {
        try await start(Machine.becomingNobody + [Machine.nobodysBinary ?? Binary.path], [:])
    }

    /// As that account, in a group, with these privileges and no others, as the unit grants them.
    func startAsNobody(inGroup group: String, with privileges: [String]) async throws {
        let list = privileges.map { "+\($0)" }.joined(separator: ",")
        let granted = privileges.isEmpty ? [] : ["--inh-caps=\(list)", "--ambient-caps=\(list)"]
        let who = ["/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--groups=\(group)"]
        try await start(who + granted + [Binary.path], [:])
    }

    private func start(_ program: [String], _ environment: [String: String]) async throws {
        let before = logLines.count
        daemon = try Daemon(program, configuration: configuration, log: log, environment: environment)
        try await awaitReady(after: before)
    }

    /// Starts the daemon; returns how many lines its log had before.
    func begin() throws -> Int {
        let before = logLines.count
        daemon = try Daemon(configuration: configuration, log: log)
        return before
    }

    func awaitReady(after before: Int) async throws {
        try await Wait.until("\(id) is ready") {
            if logLines.dropFirst(before).contains(where: { $0.contains("ready") }) { return true }
            try require(daemon?.isRunning == true, "the daemon of \(id) ended instead of being ready")
            return false
        }
    }

    /// SIGTERM, and it must end cleanly.
    func stop() async throws {
        guard let running = daemon else { return }
        daemon = nil
        let code = try await running.stop()
        try require(code == 0, "the daemon of \(id) left with \(code) after SIGTERM")
    }

    func pause() { daemon?.pause() }
    func goOn() { daemon?.goOn() }

    /// kill -9, or nothing if it is dead already.
    func kill() async throws {
        guard let running = daemon else { return }
        daemon = nil
        try await running.kill()
    }

    /// Waits until a daemon that was told to crash has died of it.
    func awaitCrash(at point: String) async throws {
        let code = try await daemon?.exit(
            within: Wait.patience, because: "at crash point \(point), which it never reached")
        daemon = nil
        try require(code == -9, "the daemon of \(id) left with \(code ?? 0) instead of dying at \(point)")
    }

    var logLines: [String] {
        let data = (try? Data(contentsOf: URL(fileURLWithPath: log))) ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    // MARK: - Commands

    /// A verb on this installation, whatever its exit code.
    func ask(_ arguments: String...) async throws -> Outcome { try await ask(arguments) }

    func ask(_ arguments: [String]) async throws -> Outcome {
        try await Command.waybill(arguments, environment: ["WAYBILL_CONFIG": configuration])
    }

    /// What a verb prints; it must succeed.
    func asked(_ arguments: String...) async throws -> String { try await asked(arguments) }

    func asked(_ arguments: [String]) async throws -> String {
        let outcome = try await ask(arguments)
        try require(outcome.code == 0, "\(id): \(outcome)")
        return outcome.out
    }

    /// Takes the other's card, with the fingerprint that they told us.
    func add(_ partner: Agency) async throws {
        let card = "\(partner.folder)/desk/card"
        _ = try await partner.asked("card", "--out", card)
        _ = try await asked("partner", "add", card, "--fingerprint", partner.fingerprint)
    }
}
