internal import Dispatch
internal import Folders
internal import Glibc
internal import Logging
internal import Synchronization

/// Ends the process when nothing else does: a call into a disk that hangs cannot be interrupted, and SIGTERM is to end the
/// daemon within ten seconds whatever it does. Whatever the moment, a restart finishes or undoes what was under way.
///
/// On a thread of its own, because Swift's few may all be waiting for that disk.
final class LastResort: Sendable {
    /// Seconds from the first SIGTERM, SIGINT or broken ledger. Services are cancelled at eight.
    static let patience = 9.5

    private struct State {
        var isArmed = false
        var isAsked = false
    }
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "waybill.last-resort")
    private let log: Logger

    init(log: Logger) { self.log = log }

    /// Whether somebody wants us to stop: true before the services run, too.
    var isAsked: Bool { state.withLock { $0.isAsked } }

    /// From now on a signal does not end the process by itself.
    func listen() {
        for number in [SIGTERM, SIGINT] {
            Signals.ignore(number)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [self] in
                state.withLock { $0.isAsked = true }
                arm(code: 0, why: "asked to stop")
                // It lives as long as its handler, which is as long as the process.
                withExtendedLifetime(source) {}
            }
            source.resume()
        }
    }

    /// The first call counts.
    func arm(code: Int32, why: String) {
        let isFirst = state.withLock { state in
            defer { state.isArmed = true }
            return !state.isArmed
        }
        guard isFirst else { return }
        queue.asyncAfter(deadline: .now() + Self.patience) { [self] in
            // Standard error may be what hangs.
            DispatchQueue(label: "waybill.last-words").async { [log] in
                log.critical(
                    "something hangs, most likely a disk: ended without waiting for it; the next start goes on from there",
                    metadata: ["why": "\(why)"])
            }
            usleep(200_000)
            Signals.endProcess(code: code)
        }
    }
}
