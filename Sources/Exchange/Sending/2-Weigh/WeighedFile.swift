internal import Envelope
package import Folders
internal import Ledger
internal import Synchronization
package import Vocabulary

/// A claimed file whose size and SHA-256 are known, from one pass over it, and which is on the disk.
package struct WeighedFile: Sendable {
    package let claimed: ClaimedFile
    package let size: Int64
    package let sha256: Digest
    package let mediaType: String
    /// Inode, size and times as they were while weighing: if any differs before the last part, the file changed.
    package let facts: FileFacts

    fileprivate init(claimed: ClaimedFile, sha256: Digest, facts: FileFacts) {
        self.claimed = claimed
        self.size = facts.size
        self.sha256 = sha256
        self.mediaType = MediaType.of(claimed.name)
        self.facts = facts
    }
}

/// Reads a file once, start to end, and sees that the disk has it: what is signed must be there after a power cut.
///
/// In slices, each a blocking job of its own, so that a file of any size can be stopped, and so that the jobs of other
/// files come in between. Each file is synced for itself: a large one holds up nobody, and syncs in parallel share the
/// journal's commits.
enum Weigher {
    /// - Throws: `FileTrouble`; `ChangedFile` if it grew or shrank meanwhile; `UnkeptFile` if the disk could not keep it;
    ///   `CancellationError` between two slices.
    static func weigh(_ claimed: ClaimedFile, _ progress: Weighings? = nil) async throws -> WeighedFile {
        guard let weighed = await weigh([claimed], progress).first else { throw CancellationError() }
        return try weighed.get()
    }

    /// All that have a slice only go together, their syncs side by side; whoever has more goes on by itself, after them.
    /// - Returns: for each its weight, or what is thrown above.
    static func weigh(
        _ batch: [ClaimedFile], _ progress: Weighings? = nil
    ) async -> [Result<WeighedFile, any Error>] {
        var all: [Result<WeighedFile, any Error>] = []
        for one in await Blocking.each(batch, Begun.init) { all.append(await ended(one, progress)) }
        return all
    }

    /// With its first slice read, which mostly is the only one.
    private struct Begun: Sendable {
        let weighing: Weighing
        let weighed: WeighedFile?

        init(_ claimed: ClaimedFile) throws {
            weighing = try Weighing(claimed)
            weighed = try weighing.step()
        }
    }

    private static func ended(
        _ begun: Result<Begun, any Error>, _ progress: Weighings?
    ) async -> Result<WeighedFile, any Error> {
        do {
            let begun = try begun.get()
            let weighed =
                if let weighed = begun.weighed { weighed } else { try await rest(of: begun.weighing, progress) }
            CrashPoint.afterWeigh.pass()
            return .success(weighed)
        } catch {
            return .failure(error)
        }
    }

    private static func rest(of weighing: Weighing, _ progress: Weighings?) async throws -> WeighedFile {
        defer { progress?.done(weighing.claimed.id) }
        while true {
            try Task.checkCancellation()
            progress?.note(weighing.claimed, weighing.done, of: weighing.size)
            if let weighed = try await Blocking.run({ try weighing.step() }) { return weighed }
        }
    }
}

private final class Weighing: Sendable {
    private static let slice: Int64 = 4 << 20

    let claimed: ClaimedFile
    private let file: SharedFile
    private let before: FileFacts
    private struct State: ~Copyable {
        var hash: SHA256Stream? = SHA256Stream()
        var at: Int64 = 0
    }
    private let state: Mutex<State>

    init(_ claimed: ClaimedFile) throws {
        self.claimed = claimed
        file = SharedFile(try FileHandle(claimed.fileName, in: claimed.folder, .read))
        before = try file.handle.facts()
        state = Mutex(State())
    }

    var size: Int64 { before.size }
    var done: Int64 { state.withLock { $0.at } }

    /// The next slice; once all are read, the weight. For one caller at a time.
    func step() throws -> WeighedFile? {
        let next = try state.withLock { state in
            let range = state.at..<min(state.at + Self.slice, before.size)
            if var hash = state.hash.take() {
                guard try Slices.feed(file.handle, range, to: &hash) else { throw ChangedFile() }
                state.hash = consume hash
            }
            state.at = range.upperBound
            return range
        }
        guard next.upperBound == before.size else {
            try kept { () throws(FileTrouble) in
                try file.handle.writeBack(next, after: max(0, next.lowerBound - Self.slice)..<next.lowerBound)
            }
            return nil
        }
        try kept { () throws(FileTrouble) in try file.handle.syncAll() }
        CrashPoint.afterWorkSync.pass()
        guard let sha256 = state.withLock({ $0.hash.take()?.finish() }), try file.handle.facts() == before else {
            throw ChangedFile()
        }
        return WeighedFile(claimed: claimed, sha256: sha256, facts: before)
    }

    private func kept(_ sync: () throws(FileTrouble) -> Void) throws {
        do { try sync() } catch { throw UnkeptFile(why: error) }
    }
}

/// How far large files have been read, for `status`.
package final class Weighings: Sendable {
    package struct Line: Sendable {
        package let partner: AgencyID
        package let route: RouteName
        package let name: String
        package let done: Int64
        package let size: Int64
    }

    private let running = Mutex<[ConsignmentID: Line]>([:])

    package var lines: [Line] { running.withLock { $0.sorted { $0.key < $1.key }.map(\.value) } }

    func note(_ claimed: ClaimedFile, _ done: Int64, of size: Int64) {
        let line = Line(partner: claimed.partner, route: claimed.route, name: claimed.name, done: done, size: size)
        running.withLock { $0[claimed.id] = line }
    }

    func done(_ id: ConsignmentID) { running.withLock { $0[id] = nil } }
}

/// The file is no longer the one that was weighed.
package struct ChangedFile: Error, Hashable, Sendable {}

/// The disk could not keep it, so that what was read is not what will be there after a power cut.
struct UnkeptFile: Error, Sendable { let why: FileTrouble }

extension Records {
    /// The row of a file that is weighed and not yet decided.
    static func claimed(_ weighed: WeighedFile) -> ConsignmentRecord {
        let claimed = weighed.claimed
        return ConsignmentRecord(
            key: ConsignmentKey(.sent, claimed.partner, claimed.id), state: .claimed, route: claimed.route,
            name: claimed.name, size: weighed.size, sha256: weighed.sha256, claimedAt: claimed.claimedAt,
            place: claimed.place.text, inode: weighed.facts.mark)
    }

    /// The row of a file that could not be weighed.
    static func unweighed(_ claimed: ClaimedFile, mark: String) -> ConsignmentRecord {
        ConsignmentRecord(
            key: ConsignmentKey(.sent, claimed.partner, claimed.id), state: .claimed, route: claimed.route,
            name: claimed.name, size: claimed.size, claimedAt: claimed.claimedAt, place: claimed.place.text, inode: mark
        )
    }

    /// `claimed` and `weighed`, always committed together: before weighing nothing needs an entry.
    static func beginning(_ weighed: WeighedFile, at now: Instant) -> [NewEvent] {
        let record = claimed(weighed)
        let weight = EventDetail([
            "mediaType": .string(weighed.mediaType), "sha256": .string(weighed.sha256.hex),
            "size": .integer(weighed.size),
        ])
        return [
            claim(weighed.claimed, record), event(.weighed, record, weight, at: now, carriesRecord: true),
        ]
    }

    /// `claimed`, which the caller's last event carries the row for.
    static func claim(_ claimed: ClaimedFile, _ record: ConsignmentRecord) -> NewEvent {
        var facts: [String: JSON] = [
            "by": .string(claimed.account), "name": .string(claimed.name), "route": .string(claimed.route.text),
            "stamp": .string(record.inode ?? ""),
        ]
        facts["labelledBy"] = claimed.labelledBy.map { .string($0) }
        // The kernel could not say whether somebody still wrote to it: that it had stood still decided alone.
        if !claimed.writerExcluded { facts["settledOnly"] = .bool(true) }
        return event(.claimed, record, EventDetail(facts), at: claimed.claimedAt)
    }
}
