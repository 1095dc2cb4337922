internal import Exchange
internal import Ledger
internal import Logging
internal import Premises
internal import Vocabulary

/// Watches our own clock: raises the alarm `clock`, and remembers for the next life what time it is for sure.
///
/// What is remembered is written only while the clock is sound: one that is years ahead for days leaves it as it was.
struct ClockKeeper: Sendable {
    /// Seconds. A step is to be noticed as one, before much is done by the new time.
    private static let pause = 5.0
    private static let looksBetweenMemories = 60
    let wiring: Wiring

    /// Before anything is done by the time of day.
    func begin() async {
        let agency = wiring.agency
        do {
            agency.clock.ours.watch(
                try await ClockEvidence.judge(wiring.opened.sqlite, wiring.premises, boot: agency.clock.boot()))
        } catch {
            // A ledger that cannot be read has an alarm of its own.
            wiring.log.error("our clock is not watched", metadata: ["why": "\(error)"])
        }
        look()
    }

    func keep() async {
        var looks = 0
        while !Task.isCancelled {
            look()
            // As soon as it is sound, and every few minutes then.
            if looks <= 0, await remember() { looks = Self.looksBetweenMemories }
            looks -= 1
            try? await Task.sleep(for: .seconds(Self.pause))
        }
    }

    private func look() {
        guard let words = wiring.agency.clock.skew.lookAtOurs() else { return }
        wiring.log.warning("our clock", metadata: ["why": "\(words)"])
    }

    private func remember() async -> Bool {
        guard let memory = wiring.agency.clock.ours.memory else { return false }
        do { try await wiring.agency.ledger.remember(ClockEvidence.memory, memory) } catch {
            wiring.log.notice("the time is not remembered", metadata: ["why": "\(error)"])
        }
        return true
    }
}
