internal import Foundation
internal import Premises
internal import Synchronization
internal import Vocabulary

/// Where the demo plays: the folder, the agencies and their daemons, and how all of it goes away again.
final class DemoStage: Sendable {
    let folder: String
    let agencies: [DemoAgency]
    let program: URL
    private let isKept: Bool
    private let daemons = Mutex<[DemoDaemon]>([])

    /// - Parameter named: a missing or empty folder, which is kept; nil: a temporary one.
    init(named: String?, keep: Bool) throws {
        let manager = FileManager.default
        isKept = keep || named != nil
        let temporary = manager.temporaryDirectory.path + "/waybill-demo-\(UUID().uuidString.prefix(8).lowercased())"
        folder = named.map(InstalledAgency.absolute) ?? temporary
        guard try FileSystem.names(in: folder).isEmpty else {
            throw Trouble(
                "\(folder) is not empty.", why: "The demo makes three installations in it.", fix: "Name a new folder.")
        }
        // A socket's address has at most 107 bytes: unix(7).
        guard folder.utf8.count <= 60 else {
            throw Trouble(
                "\(folder) is too long.", why: "Sockets below it may have 107 bytes in all.",
                fix: "Name a shorter one, in /tmp say.")
        }
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        program = try DemoCommand.ourselves()
        let ports = try DemoPorts.free(3)
        agencies = [
            try DemoAgency(
                "stockton", "Stockton-on-Tees Borough Council", in: folder, port: ports[0],
                telephone: "Children's emergency duty team, 01632 960101"),
            try DemoAgency(
                "cleveland-police", "Cleveland Police", in: folder, port: ports[1],
                telephone: "Control room, 01632 960102"),
            try DemoAgency(
                "tewv", "Tees, Esk and Wear Valleys NHS Foundation Trust", in: folder, port: ports[2],
                telephone: "Safeguarding on call, 01632 960103"),
        ]
    }

    /// One of our own commands; throws if it ends otherwise than expected.
    func waybill(_ arguments: [String], expect code: Int32 = 0) async throws -> String {
        try Task.checkCancellation()
        let outcome = try await DemoCommand(program, environment: Self.plain).run(arguments, in: folder)
        guard outcome.code == code else {
            throw Trouble(
                "A command of the demo failed.", why: "waybill \(arguments.joined(separator: " ")): \(outcome.text)",
                fix: "Run the demo again with --keep and look at the logs.")
        }
        return outcome.text
    }

    /// Nothing of the caller's installation may leak in.
    private static var plain: [String: String] {
        ProcessInfo.processInfo.environment.filter { $0.key != "WAYBILL_CONFIG" }
    }

    func startDaemons() async throws {
        for agency in agencies {
            let daemon = try await agency.start(program)
            daemons.withLock { $0.append(daemon) }
        }
        for daemon in daemons.withLock({ $0 }) { try await daemon.ready() }
    }

    func stopDaemons() async {
        let running = daemons.withLock { daemons in
            defer { daemons = [] }
            return daemons
        }
        for daemon in running where daemon.process.isRunning { daemon.process.terminate() }
        for daemon in running { await daemon.stop() }
    }

    /// Says what is left.
    func leave() async -> String {
        await stopDaemons()
        guard !isKept else { return "Kept for you to look at: \(folder)" }
        do {
            try FileManager.default.removeItem(atPath: folder)
            return "Nothing is left behind: \(folder) is removed."
        } catch {
            return "\(folder) could not be removed: remove it yourself."
        }
    }
}
