internal import Folders
package import Ledger
internal import Synchronization
internal import Vocabulary

/// Published files that nobody has collected yet: what the ledger's open `collection` duties say, kept in memory, so
/// that a look at the inbox needs no look at the ledger.
///
///     receipt ─► published ─► (seen leaving, opened, or gone) ─► said in the ledger ─► remove
package final class Uncollected: Sendable {
    private struct State {
        var table = CollectionTable()
        /// Seen before the receipt was in the ledger: a quick consumer takes a file as soon as it appears.
        var early: [InboxFolder: [FileName: Sighting]] = [:]
        var answering: Set<ConsignmentKey> = []
    }

    private let state = Mutex(State())
    private static let mostEarly = 10_000
    /// Our own people are told of urgent files by it.
    package let hook: UrgentHook

    package init(hook: UrgentHook) { self.hook = hook }

    func add(_ duty: Duty, _ record: ConsignmentRecord) {
        guard let place = PublishedPlace(record) else { return }
        var item = UncollectedFile(
            key: duty.consignment, duty: duty.id, place: place, since: duty.openedAt, isUrgent: record.isEmergency,
            isTold: duty.facts[Duty.toldUncollected] != nil)
        state.withLock { state in
            guard !state.table.holds(item.key) else { return }
            item.sighting = state.early[place.folder]?.removeValue(forKey: place.name)
            // We never publish over another file: whichever came first under this name is gone.
            let other = state.table.item(place.name, in: place.folder)
            if let other, other.since > item.since {
                item.sighting = item.sighting ?? Sighting(how: .removed, at: other.since)
                state.table.add(item, isUnderItsName: false)
            } else {
                if let other { state.table.note(Sighting(how: .removed, at: item.since), of: other.key) }
                state.table.add(item, isUnderItsName: true)
            }
        }
    }

    func remove(_ key: ConsignmentKey) { state.withLock { $0.table.remove(key) } }

    /// The file that waits under this name; if none does, the sighting is kept for one that may be about to.
    func item(_ name: FileName, in folder: InboxFolder, _ sighting: Sighting) -> UncollectedFile? {
        state.withLock { state in
            if let item = state.table.item(name, in: folder) { return item }
            if state.early[folder]?.count ?? 0 >= Self.mostEarly { state.early[folder] = [:] }
            let first = state.early[folder]?[name]
            state.early[folder, default: [:]][name] = first ?? sighting
            return nil
        }
    }

    /// Forgets early sightings that no receipt has followed.
    func forgetEarly(before: Instant) {
        state.withLock { $0.early = $0.early.mapValues { $0.filter { $0.value.at >= before } } }
    }

    func note(_ sighting: Sighting, of key: ConsignmentKey) { state.withLock { $0.table.note(sighting, of: key) } }
    /// It is there after all.
    func unsee(_ key: ConsignmentKey) { state.withLock { $0.table.unsee(key) } }
    func noteTold(_ key: ConsignmentKey) { state.withLock { $0.table.noteTold(key) } }

    var seen: [UncollectedFile] { state.withLock { $0.table.seen } }

    /// Emergencies that still lie in the inbox, oldest first.
    var urgent: [UncollectedFile] { state.withLock { $0.table.unseenUrgent } }

    /// Those of which the sender is to be told that nobody collects them.
    func expired(before: Instant) -> [UncollectedFile] { state.withLock { $0.table.untold(since: before) } }

    var folders: [InboxFolder] { state.withLock { $0.table.folders } }
    func unseen(in folder: InboxFolder) -> [UncollectedFile] { state.withLock { $0.table.unseen(in: folder) } }

    // MARK: - One answer at a time

    /// False while somebody else, a person or the watch, is about to say something of this consignment.
    func claim(_ key: ConsignmentKey) -> Bool { state.withLock { $0.answering.insert(key).inserted } }
    func release(_ key: ConsignmentKey) { state.withLock { _ = $0.answering.remove(key) } }
}

extension Uncollected: PublishedFiles {
    package func published(_ record: ConsignmentRecord, _ collection: Duty) {
        add(collection, record)
        if record.isEmergency { hook.ring(.arrived, record.key, record.route) }
    }
}

extension Duty {
    /// The fact under which a `collection` says when its sender was told that nobody collects it.
    static let toldUncollected = "toldUncollected"
}
