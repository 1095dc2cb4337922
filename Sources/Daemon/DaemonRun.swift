internal import Exchange
internal import Folders
internal import Foundation
internal import Ledger
internal import LedgerSQLite
internal import Logging
internal import NIOCore
internal import Premises
internal import ServiceLifecycle
internal import Settings
internal import Synchronization
internal import TransportFolder
internal import TransportHTTPS
internal import UnixSignals
internal import Vocabulary
internal import Witness

/// `waybilld`: from settings to a running agency, until SIGTERM.
package enum DaemonRun {
    /// Returns the exit code: 0 after a clean stop, 3 when it could not go on.
    package static func run(configuration: String) async -> Int32 {
        Memory.shareHeaps()
        var log = Logger(label: "waybilld") { DaemonLog(label: $0) }
        do {
            let premises = try InstalledAgency(configuration: configuration)
            log.logLevel = Logger.Level(rawValue: premises.settings.logLevel.rawValue) ?? .info
            Descriptors.raiseLimit()
            let lock = Held(try premises.lock())
            defer { lock.release() }
            let lastResort = LastResort(log: log)
            lastResort.listen()
            return try await serve(premises, log, lastResort)
        } catch {
            let words = LedgerStart.words(error)
            if error is LedgerTrouble { log.critical("the ledger cannot be opened", metadata: ["why": "\(words)"]) }
            FileHandle.standardError.write(Data("waybilld: \(words)\n".utf8))
            return 3
        }
    }

    private static func serve(_ premises: InstalledAgency, _ log: Logger, _ lastResort: LastResort) async throws
        -> Int32
    {
        let broken = Breaker()
        let notifier = Notifier(environment: ProcessInfo.processInfo.environment)
        let wiring = try await Wiring.whenLedgerIsThere(
            premises, log: log, lastResort, notifier, broken: { broken.trip($0) })
        guard let wiring else {
            log.info("stopped")
            return 0
        }
        LedgerStart.tellChange(wiring)
        try await LedgerStart.check(wiring, notifier)
        await ClockKeeper(wiring: wiring).begin()
        await wiring.placeWatch.look()
        await Housekeeping(wiring: wiring).sweep()
        try await wiring.keys.settle(at: wiring.agency.clock.now())
        let group = group(wiring, notifier, broken)
        broken.onTrip { trouble in
            lastResort.arm(code: 3, why: "\(trouble)")
            Task { await group.triggerGracefulShutdown() }
        }
        log.info("started", metadata: ["agency": "\(wiring.agency.us.id)"])
        if !lastResort.isAsked {
            // Whoever does not stop in time is cancelled, and may say so; that is no failure of ours.
            do { try await group.run() } catch  where lastResort.isAsked || broken.trouble != nil {
                log.warning("cancelled while stopping", metadata: ["why": "\(error)"])
            }
        }
        notifier?.tell(.stopping)
        return await close(wiring, broken)
    }

    private static func group(_ wiring: Wiring, _ notifier: Notifier?, _ broken: Breaker) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: services(wiring, notifier, broken).map {
                .init(
                    service: $0, successTerminationBehavior: .ignore,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: [.sigterm, .sigint], logger: wiring.log)
        configuration.maximumGracefulShutdownDuration = .seconds(8)
        return ServiceGroup(configuration: configuration)
    }

    /// The exit code. A broken ledger is left as it lies (`SQLiteLedger.close`); one that breaks at its close is broken.
    private static func close(_ wiring: Wiring, _ broken: Breaker) async -> Int32 {
        var trouble = broken.trouble
        do { try await wiring.opened.sqlite.close() } catch LedgerTrouble.broken(let why) {
            trouble = trouble ?? .broken(why)
        } catch {
            wiring.log.warning(
                "the ledger was left open; the next start goes on from it", metadata: ["why": "\(error)"])
        }
        guard let trouble else {
            await LifeKeeper(wiring: wiring).end()
            wiring.log.info("stopped")
            return 0
        }
        wiring.log.critical("the ledger is broken; stopped", metadata: ["why": "\(trouble.words)"])
        return 3
    }

    private static func services(_ wiring: Wiring, _ notifier: Notifier?, _ broken: Breaker) -> [any Service] {
        let collector = wiring.collector
        let control = ControlHandler(wiring)
        // Nobody is let in before: what a former life left in staging is judged by what nobody writes to.
        // They are answered at once, and told to come later, so that two who start together do not wait for each other.
        let rollback = wiring.rollback
        Task {
            await WitnessIncidents(agency: wiring.agency).restore()
            let healed = await HealedLedger(wiring: wiring).say()
            await wiring.probe.check()
            try await rollback.untilClear()
            if let healed { try? await HealedLedger(wiring: wiring).record(healed) }
            await wiring.arrivals.recover()
            rollback.openToArrivals()
        }
        var services: [any Service] = [
            NamedService(.byItself) {
                do { try await collector.run(handler: wiring.arrivals) } catch let error as IOError {
                    throw Trouble(
                        "We cannot listen on \(wiring.premises.settings.listen).", why: "\(error)",
                        fix: "See who has that port (ss -ltnp), or change `listen` in \(wiring.premises.configuration)."
                    )
                }
            },
            NamedService(.byItself) { try await ControlServer.keepServing(control, wiring) },
            NamedService { await Sentry(wiring: wiring, broken: { broken.trip($0) }).watch() },
            NamedService { await LedgerWatch(wiring: wiring).afterUnknownEnd() },
            NamedService {
                // Whose place is away is looked at when it is back.
                while !Task.isCancelled, await !wiring.arrivals.writeSideCarsAgain(after: wiring.lastLife) {
                    try? await Task.sleep(for: .seconds(60))
                }
            },
            NamedService { try await wiring.sending.run() },
            NamedService { await StatementSender(agency: wiring.agency, sending: wiring.sending).run() },
            NamedService {
                try await rollback.untilOpenToArrivals()
                await CollectionMonitor(agency: wiring.agency, collections: wiring.opened.collections).run()
            },
            NamedService { await wiring.opened.collections.hook.run() },
            NamedService { await BudgetWatch(agency: wiring.agency).run() },
            NamedService { await wiring.checkpoints.run() },
            NamedService { await CardRounds(wiring).run() },
            NamedService {
                try await rollback.untilOpenToArrivals()
                await wiring.placeWatch.run()
            },
            NamedService { await Heart(wiring: wiring, notifier: notifier).beat() },
            NamedService { await LifeKeeper(wiring: wiring).keep() },
            NamedService { await ClockKeeper(wiring: wiring).keep() },
            NamedService { await Housekeeping(wiring: wiring).keep() },
        ]
        if let timestamper = wiring.timestamper {
            services.append(
                NamedService {
                    try await rollback.untilOpenToArrivals()
                    await timestamper.run()
                })
        }
        if let collector = wiring.folderCollector {
            services.append(
                NamedService {
                    try await rollback.untilOpenToArrivals()
                    try await collector.run(handler: wiring.arrivals)
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
