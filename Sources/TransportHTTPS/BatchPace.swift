internal import Synchronization

/// Whether a partner takes batches, and how many bytes of them the road carries in half a second: a slow line gets small
/// ones, so that a cut of it costs little.
final class BatchPace: Sendable {
    private struct State {
        var accepts = false
        var allowance = BatchPace.first
    }

    /// Bytes.
    static let first = 64 << 10
    private static let time = 0.5
    private let state = Mutex(State())

    var accepts: Bool { state.withLock { $0.accepts } }
    /// Bytes of the next request.
    var allowance: Int { state.withLock { $0.allowance } }

    /// - Parameter accepts: whether an answer said so. One that does not may be of something between us and the partner.
    func heard(_ accepts: Bool) {
        if accepts { state.withLock { $0.accepts = true } }
    }

    /// Until an answer says again that it does.
    func refused() { state.withLock { $0 = State() } }

    /// At most twice as much as before; not less than what surely is little.
    /// - Parameter isAlone: it was one consignment by itself, which says how fast the line is at least.
    func carried(_ bytes: Int, in time: Duration, isAlone: Bool = false) {
        let inTime = Double(bytes) * Self.time / max(0.001, time / .seconds(1))
        state.withLock { state in
            let (least, most) = (isAlone ? state.allowance : Self.first, min(2 * state.allowance, Frames.bytes))
            state.allowance = Int(min(max(inTime, Double(least)), Double(most)))
        }
    }

    func broke() { state.withLock { $0.allowance = Self.first } }
}
