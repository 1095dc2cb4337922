package import Exchange
internal import Folders
internal import Logging
internal import Premises
internal import Settings
package import Vocabulary

/// Once an hour: sent/ keeps its files for the time that the settings say, and held/ and the ledger's details too if they
/// say so. Nothing goes for being old while our clock is in doubt (decision 0032).
package struct Housekeeping: Sendable {
    let wiring: Wiring

    func keep() async {
        var erasing = RetentionRound(wiring)
        var told: CalendarDate?
        while !Task.isCancelled {
            let today = wiring.agency.clock.now().date
            if told != today { wiring.logExpiries() }
            told = today
            await erasing.keep()
            if wiring.agency.clock.ours.mayForget { await forget() }
            await LedgerWatch(wiring: wiring).keep()
            try? await Task.sleep(for: .seconds(3600))
            do { try await wiring.arrivals.purge() } catch {
                wiring.log.notice("staging not purged", metadata: ["why": "\(error)"])
            }
        }
    }

    private func forget() async {
        await SentDays(wiring).empty()
        await sweepOutbox()
        do { _ = try await wiring.keys.destroyRetired(at: wiring.agency.clock.now()) } catch {
            wiring.log.error("a retired key was not destroyed", metadata: ["why": "\(error)"])
        }
    }

    /// Temporary files that a crash left half written. Before anything else begins, recovery included, which writes some of
    /// its own: we hold the installation's lock, so nobody else does.
    func sweep() async {
        let (layout, started) = (wiring.agency.layout, wiring.agency.clock.now())
        for root in [Root.sent, .held, .inbox] {
            _ = try? await Blocking.run { try Self.sweep(root, of: layout, depth: 3, before: started) }
        }
    }

    /// What a correction left that was killed while it copied: a command, so that it may be at work now. One that has
    /// written nothing for an hour is not.
    private func sweepOutbox() async {
        let (layout, oldest) = (wiring.agency.layout, wiring.agency.clock.now().adding(seconds: -3600))
        _ = try? await Blocking.run { try Self.sweep(.outbox, of: layout, depth: 2, before: oldest) }
    }

    /// Only in places that are surely ours.
    package static func sweep(
        _ root: Root, of layout: Layout, _ way: [String] = [], depth: Int, before: Instant
    ) throws {
        guard let folder = try? layout.existing(root, way) else { return }
        for name in try folder.entries() {
            if name.isTemporary {
                guard let facts = try folder.lookup(name), facts.kind == .regular else { continue }
                if facts.stamp.modified < before.milliseconds * 1_000_000 { try folder.remove(name) }
            } else if depth > 0, let text = name.text {
                try sweep(root, of: layout, way + [text], depth: depth - 1, before: before)
            }
        }
    }
}
