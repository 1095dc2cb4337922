import Dispatch
import Folders
import Synchronization
import Testing
import Vocabulary

@Suite("Threads for blocking calls")
struct BlockingTests {
    /// All ordinary threads stand still until the urgent call has been made: without threads of its own it never is.
    @Test("an urgent file's call stands behind nobody's", .timeLimit(.minutes(5)))
    func urgentFirst() async throws {
        let gate = Gate()
        // Whatever ends this test: threads that stood still for ever would stop all others.
        defer { gate.open() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<(2 * Blocking.threads) {
                group.addTask {
                    try await Blocking.run { gate.pass() }
                }
            }
            while gate.standing < Blocking.threads { try await Task.sleep(for: .milliseconds(1)) }
            let answer = try await Urgency.first { try await Blocking.run { 42 } }
            #expect(answer == 42)
            gate.open()
            try await group.waitForAll()
        }
    }

    @Test("what an urgent task begins is urgent, what stands beside it is not")
    func inherited() async {
        let inside = await Urgency.first { await Task { Urgency.isUrgent }.value }
        #expect(inside)
        #expect(!Urgency.isUrgent)
    }
}

/// Blocks whoever would pass until it is opened.
private final class Gate: Sendable {
    private let count = Mutex(0)
    private let signal = DispatchSemaphore(value: 0)

    /// How many have come to it.
    var standing: Int { count.withLock { $0 } }

    func pass() {
        count.withLock { $0 += 1 }
        signal.wait()
        signal.signal()
    }

    func open() { signal.signal() }
}
