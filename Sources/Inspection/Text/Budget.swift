internal import Folders
internal import Synchronization

/// What one inspection may use. A look into a file is a help, never a reason for a file to wait.
package struct Limits: Sendable {
    /// Wall-clock time for any file, and more for each 100 MiB of it.
    package var time: Duration = .seconds(60)
    package var timePer100MiB: Duration = .seconds(1)
    /// Of an extractor: text that is read of it, bytes.
    package var text = 64 << 20
    /// Of an extractor: address space, bytes. Two at once must fit into the unit's MemoryMax beside the daemon.
    package var memory = 160 << 20
    /// Of an extractor: processor time, seconds.
    package var processorSeconds = 30
    /// Of an extractor: open files.
    package var openFiles = 32
    /// From this size on plain text is read by two at once, bytes.
    package var slice: Int64 = 8 << 20

    package init() {}

    func time(for size: Int64) -> Duration { time + timePer100MiB * Int(size / (100 << 20)) }
}

/// The end of one inspection: a point in time, or the task's cancellation.
final class Budget: Sendable {
    enum Stop: Sendable { case time, cancelled }

    /// On `BootClock`, nanoseconds.
    private let deadline: Int64
    private let isCancelled = Atomic(false)

    init(_ time: Duration) {
        let (seconds, attoseconds) = time.components
        deadline = BootClock.now() + seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// Nil as long as work may go on.
    var stop: Stop? {
        if isCancelled.load(ordering: .relaxed) { return .cancelled }
        return BootClock.now() >= deadline ? .time : nil
    }
}

extension Budget.Stop {
    /// For people, after `partly:` or `not checked:`.
    var sentence: String {
        switch self {
        case .time: "the time limit was reached before the end of the file"
        case .cancelled: "it was stopped before the end of the file"
        }
    }
}
