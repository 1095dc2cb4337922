import Foundation

/// Waiting without sleeping longer than needed.
enum Wait {
    /// True as soon as the condition is; false when the time is over.
    static func upTo(_ seconds: Double, _ condition: () async throws -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            if try await condition() { return true }
            if ContinuousClock.now >= end { return false }
            try await Task.sleep(for: .milliseconds(15))
        }
    }

    /// What comes at all comes within this, also on a machine that does much else: no journey measures a speed.
    static let patience = 120.0

    /// Throws what was waited for if it does not come.
    static func until(
        _ what: String, within seconds: Double = patience, _ condition: () async throws -> Bool
    ) async throws {
        guard try await upTo(seconds, condition) else { throw Unmet("waited \(seconds) s in vain until \(what)") }
    }

    /// Watches for a while that something stays true.
    static func stays(_ what: String, for seconds: Double, _ condition: () async throws -> Bool) async throws {
        let broken = try await upTo(seconds) { try await !condition() }
        if broken { throw Unmet("it did not stay true that \(what)") }
    }
}

/// An expectation of a journey that was not met.
struct Unmet: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless it is true: the first thing that fails ends a journey.
func require(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
    if !condition { throw Unmet(otherwise()) }
}

/// So many journeys at a time: each has two daemons, and the machine may have two cores.
actor Turns {
    static let journeys = Turns(4)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ free: Int) { self.free = free }

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
