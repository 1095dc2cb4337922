internal import Folders
package import Ledger
package import Logging
internal import Synchronization
package import Vocabulary

/// The command of the settings that is run when an urgent file has come, and again when nobody takes it: a bell at the
/// desk, a message to a pager.
///
///     PROGRAM ARGUMENT... arrived|not-taken CONSIGNMENT PARTNER ROUTE
///
/// Without a shell, with nothing about a person. It is given half a minute and a session of its own, of which nothing is
/// left afterwards; what it prints is thrown away. Deliveries do not wait for it: it has a queue of its own. After a restart
/// it is run once more for each urgent file that still lies in the inbox, because nobody knows whether it was: rather
/// twice than never.
package final class UrgentHook: Sendable {
    package enum Occasion: String, Sendable {
        case arrived
        case notTaken = "not-taken"
    }

    private enum Stop: Hashable { case tooLong, cancelled }

    private static let longest = Duration.seconds(30)
    /// Of four threads for urgent calls, so that two that hang leave the others to deliveries.
    private static let atATime = 2
    private static let mostWaiting = 1000

    private let command: [String]
    private let alarms: Alarms
    private let log: Logger
    private let calls: AsyncStream<[String]>
    private let queue: AsyncStream<[String]>.Continuation

    package init(_ command: [String], alarms: Alarms, log: Logger) {
        (self.command, self.alarms, self.log) = (command, alarms, log)
        (calls, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostWaiting))
    }

    /// Returns at once.
    func ring(_ occasion: Occasion, _ item: UncollectedFile) {
        ring(occasion, item.key, item.place.folder.route)
    }

    package func ring(_ occasion: Occasion, _ key: ConsignmentKey, _ route: RouteName) {
        guard !command.isEmpty else { return }
        let words = [occasion.rawValue, key.id.text, key.partner.text, route.text]
        if case .dropped = queue.yield(command + words) {
            alarm("More than \(Self.mostWaiting) urgent files wait for it: look into the inbox.")
        }
    }

    /// Runs what was asked for, two at a time, until cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var running = 0
            let ended = AsyncStream.makeStream(of: Void.self)
            var endings = ended.stream.makeAsyncIterator()
            for await call in calls {
                if running == Self.atATime { _ = await endings.next() } else { running += 1 }
                group.addTask {
                    await self.run(call)
                    ended.continuation.yield()
                }
            }
        }
    }

    private func run(_ call: [String]) async {
        let isCancelled = Flag()
        let ending = await withTaskCancellationHandler {
            await Urgency.first { try? await Blocking.run { try Self.run(call, until: isCancelled) } }
        } onCancel: {
            isCancelled.raise()
        }
        switch ending {
        case .exited(0): alarm(nil)
        case .exited(let code): alarm("It ended with \(code).")
        case .signalled(let signal): alarm("It was ended by signal \(signal).")
        case .stopped(.tooLong): alarm("It did not end within half a minute and was ended.")
        case .stopped(.cancelled): break
        case .tooMuch, nil: alarm("It could not be started.")
        }
    }

    private func alarm(_ what: String?) {
        guard let what else { return alarms.alarm("urgent-hook", nil) }
        log.error("the command for urgent files failed", metadata: ["why": "\(what)"])
        alarms.alarm(
            "urgent-hook",
            "The command for urgent files (urgent.run in the settings) failed, so that nobody may have been told of one. "
                + what + " Look into the inbox, then run the command by hand as the daemon's user.")
    }

    /// Blocks. Throws if there is no /dev/null; nil if the program cannot be started.
    private static func run(_ call: [String], until isCancelled: Flag) throws -> Subprocess.Ending<Stop>? {
        let input = try FileHandle(Names.file("null"), in: Folder("/dev"), .read)
        let end = ContinuousClock.now + longest
        let stop: () -> Stop? = {
            if isCancelled.isRaised { return .cancelled }
            return ContinuousClock.now > end ? .tooLong : nil
        }
        return Subprocess(call, input: input)?.read(limit: .max, until: stop) { _ in }
    }
}

/// Tells a blocking call that nobody waits for it any more.
private final class Flag: Sendable {
    private let state = Mutex(false)
    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}
