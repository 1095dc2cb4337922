internal import Exchange
internal import Folders
internal import Foundation
internal import Ledger
internal import LedgerSQLite
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Settings
internal import Synchronization
internal import TransportFolder
internal import TransportHTTPS
internal import UnixSignals
internal import Vocabulary

/// `waybilld`: from settings to a running agency, until SIGTERM.
package enum DaemonRun {
    /// Returns the exit code: 0 after a clean stop, 3 when it could not go on.
    package static func run(configuration: String) async -> Int32 {
        Memory.shareHeaps()
        var log = Logger(label: "waybilld") { DaemonLog(label: $0) }
        do {
            let premises = try Premises(configuration: configuration)
            log.logLevel = Logger.Level(rawValue: premises.settings.logLevel.rawValue) ?? .info
            let lock = Held(try premises.lock())
            defer { lock.release() }
            return try await serve(premises, log)
        } catch {
            FileHandle.standardError.write(Data("waybilld: \(error)\n".utf8))
            return 3
        }
    }

    private static func serve(_ premises: Premises, _ log: Logger) async throws -> Int32 {
        let broken = Breaker()
        let wiring = try Wiring(premises, log: log, now: { WallClock.now() }, broken: { broken.trip($0) })
        await ClockKeeper(wiring: wiring).begin()
        await Housekeeping(wiring: wiring).sweep()
        try await wiring.keys.settle(at: wiring.office.now())
        let notifier = Notifier(environment: ProcessInfo.processInfo.environment)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services(wiring, notifier).map {
                    .init(
                        service: $0, successTerminationBehavior: .ignore,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                }, gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
        broken.onTrip { Task { await group.triggerGracefulShutdown() } }
        log.info("started", metadata: ["agency": "\(wiring.office.agency)"])
        try await group.run()
        notifier?.tell(.stopping)
        try? await wiring.sqlite.close()
        if let trouble = broken.trouble {
            log.critical("the ledger is broken; stopped", metadata: ["why": "\(trouble)"])
            return 3
        }
        log.info("stopped")
        return 0
    }

    private static func services(_ wiring: Wiring, _ notifier: Notifier?) -> [any Service] {
        let collector = wiring.collector
        let control = ControlDesk(wiring)
        // Nobody is let in before: what a former life left in staging is judged by what nobody writes to.
        // They are answered at once, and told to come later, so that two who start together do not wait for each other.
        let barrier = wiring.office.barrier
        Task {
            await WitnessIncidents(office: wiring.office).restore()
            await wiring.gatekeeper.check()
            try await barrier.untilClear(Standing())
            await wiring.arrivals.recover()
        }
        var services: [any Service] = [
            NamedService(.byItself) {
                do { try await collector.run(desk: wiring.arrivals) } catch let error as IOError {
                    throw Trouble(
                        "We cannot listen on \(wiring.premises.settings.listen).", why: "\(error)",
                        fix: "See who has that port (ss -ltnp), or change `listen` in \(wiring.premises.configuration)."
                    )
                }
            },
            NamedService(.byItself) { try await ControlServer.serve(control, wiring) },
            NamedService { try await wiring.sending.run() },
            NamedService { await Postman(office: wiring.office, sending: wiring.sending).run() },
            NamedService {
                try await barrier.untilOpenToArrivals()
                await CollectionWatch(office: wiring.office).run()
            },
            NamedService { await wiring.swapper.run() },
            NamedService { await CardRounds(wiring).run() },
            NamedService { await Heart(wiring: wiring, notifier: notifier).beat() },
            NamedService { await ClockKeeper(wiring: wiring).keep() },
            NamedService { await Housekeeping(wiring: wiring).keep() },
        ]
        if let timestamper = wiring.timestamper {
            services.append(
                NamedService {
                    try await barrier.untilOpenToArrivals()
                    await timestamper.run()
                })
        }
        if let collector = wiring.folderCollector {
            services.append(
                NamedService {
                    try await barrier.untilOpenToArrivals()
                    try await collector.run(desk: wiring.arrivals)
                })
        }
        return services
    }
}

/// Keeps the installation's lock until it is let go.
private final class Held: Sendable {
    private let lock: Mutex<InstallationLock?>

    init(_ lock: consuming InstallationLock) { self.lock = Mutex(consume lock) }

    func release() { lock.withLock { $0 = nil } }
}

/// A closure with a life.
private struct NamedService: Service {
    enum Ending {
        /// Cancelled when the daemon is asked to stop.
        case byCancellation
        /// Listens for the graceful shutdown itself. The servers do: one that is cancelled in the very moment of an
        /// accept leaves a connection without an owner, which NIO takes for a fault and stops the process.
        case byItself
    }

    let ending: Ending
    let body: @Sendable () async throws -> Void

    init(_ ending: Ending = .byCancellation, body: @escaping @Sendable () async throws -> Void) {
        self.ending = ending
        self.body = body
    }

    func run() async throws {
        // Being cancelled is how it is asked to stop, not a failure.
        do {
            switch ending {
            case .byCancellation: try await cancelWhenGracefulShutdown { try await body() }
            case .byItself: try await body()
            }
        } catch is CancellationError {}
    }
}

/// Trips once, when the ledger breaks.
private final class Breaker: Sendable {
    private struct State {
        var trouble: LedgerTrouble?
        var action: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    var trouble: LedgerTrouble? { state.withLock { $0.trouble } }

    func onTrip(_ action: @escaping @Sendable () -> Void) {
        let already = state.withLock { state in
            state.action = action
            return state.trouble != nil
        }
        if already { action() }
    }

    func trip(_ trouble: LedgerTrouble) {
        let action = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.trouble == nil else { return nil }
            state.trouble = trouble
            return state.action
        }
        action?()
    }
}

/// Says READY once the port is open, and feeds the watchdog only while the scan loop moves and the ledger answers.
private struct Heart: Sendable {
    let wiring: Wiring
    let notifier: Notifier?

    private var status: String {
        wiring.office.barrier.isStopped
            ? "STANDING STILL: our ledger is not the newest (waybill status)"
            : "exchanging files with \(wiring.office.partners.all.count) partners"
    }

    func beat() async {
        guard let port = await wiring.collector.boundPort else { return }
        try? await wiring.office.barrier.untilSettled()
        wiring.log.info("ready", metadata: ["port": "\(port)"])
        var said = status
        notifier?.tell(.ready, .status(said))
        var scans = -1
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(10))
            if said != status {
                said = status
                notifier?.tell(.status(said))
            }
            let moved = wiring.office.standing.scans
            guard moved != scans, (try? await wiring.office.ledger.counts()) != nil else { continue }
            scans = moved
            notifier?.tell(.watchdog)
        }
    }
}
