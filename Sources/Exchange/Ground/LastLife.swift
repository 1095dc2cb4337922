package import Folders
internal import Envelope
internal import Synchronization
package import Vocabulary

/// The power went, or a disk was taken away, while a file may have been on its way from memory to the disk.
package struct PowerCut: Hashable, Sendable {
    /// When the daemon was last seen alive before it.
    package let lastSeen: Instant
}

/// How the daemon's last life ended, as far as files that people were dropping are concerned.
///
/// A program that is killed loses nothing that people have written: the kernel has it. A machine that loses its power
/// loses what was written in the last half minute or so (ext4 and xfs write out data after 30 s, and 5 s more), and leaves
/// files of the right name that are empty or cut short. Nobody can tell these from what a person meant, so they are held.
package struct LastLife: Sendable {
    /// Nothing is known of one, or it ended in order: nothing is doubted.
    package static let none = LastLife(lastSeen: nil, mounts: [], startedAt: Instant(seconds: 0))

    /// Nil if it ended in order, or on a machine that has not been started since.
    private let lastSeen: Instant?
    /// Mounts that have been there ever since: what lies on them has lost nothing. Empty after another boot.
    private let mounts: Set<MountIdentity>
    private let startedAt: Instant
    /// What was received or filed from then on may lack its notes, however the last life ended: they have no sync of their
    /// own, and an end in order does not wait for them.
    package let owed: NotesOwed

    private init(
        lastSeen: Instant?, mounts: Set<MountIdentity>, startedAt: Instant, notesSeen: Instant? = nil,
        owedBefore: Instant? = nil
    ) {
        self.lastSeen = lastSeen
        self.mounts = mounts
        self.startedAt = startedAt
        let from = (notesSeen ?? lastSeen)?.adding(seconds: -NotesOwed.window)
        owed = NotesOwed(from: [from, owedBefore].compactMap(\.self).min())
    }

    /// What is written within this time before the last sign of life may not have reached the disk.
    static let window: Int64 = 120

    package var wasCut: Bool { lastSeen != nil }

    /// Whether a file may be less than was dropped. Blocks.
    ///
    /// A file that was renamed in was written elsewhere before, so what counts is when its content changed last and when it
    /// was made, which `cp -p` does not change back.
    package func doubt(_ name: FileName, _ facts: FileFacts, in folder: Folder) -> PowerCut? {
        guard let lastSeen else { return nil }
        if let mount = MountIdentity(of: folder), mounts.contains(mount) { return nil }
        // Until we began, or, where the clock has gone back since, until soon after we were last seen.
        let end = max(startedAt, lastSeen.adding(seconds: Self.window))
        let doubtful = lastSeen.adding(seconds: -Self.window).milliseconds * 1_000_000..<end.milliseconds * 1_000_000
        let born = folder.born(name) ?? facts.stamp.changed
        return doubtful.contains(facts.stamp.modified) || doubtful.contains(born) ? PowerCut(lastSeen: lastSeen) : nil
    }

    /// What lies in a folder as this life opens it: only that can have lost anything. Whatever the clock says, what is
    /// dropped afterwards is whole. Blocks.
    func present(in folder: Folder) throws -> [FileName: UInt64] {
        guard wasCut else { return [:] }
        var present: [FileName: UInt64] = [:]
        for name in try folder.entries() { present[name] = try folder.lookup(name)?.inode }
        return present
    }

    /// Reads what the last life wrote of itself. Blocks.
    package static func read(_ name: FileName, in root: Folder, startedAt now: Instant) -> LastLife {
        guard let facts = try? root.lookup(name) else { return none }
        guard let bytes = try? DurableFile.read(name, in: root, atMost: 1 << 20), let sign = try? LifeSign(bytes) else {
            // It is written whole or not at all: the disk has lost it, and may have lost more.
            let seen = Instant(milliseconds: facts.stamp.modified / 1_000_000)
            return LastLife(lastSeen: seen, mounts: [], startedAt: now)
        }
        let (seen, owed) = (sign.seen, sign.owedFrom)
        guard sign.boot == Boot.id else {
            return LastLife(
                lastSeen: sign.isOver ? nil : seen, mounts: [], startedAt: now, notesSeen: seen, owedBefore: owed)
        }
        // The machine runs on, so only a disk that was away in between has lost anything; and where a service manager has
        // given us other mounts of the same disks, nothing tells of that.
        guard !sign.isOver, sign.namespace == Boot.mountNamespace else {
            return LastLife(lastSeen: nil, mounts: [], startedAt: now, owedBefore: owed)
        }
        return LastLife(lastSeen: seen, mounts: Set(sign.mounts), startedAt: now, owedBefore: owed)
    }
}

/// Side-cars and notes that a power cut may have taken. Each sign of life carries it on until all were looked at: the power
/// may go again before.
package final class NotesOwed: Sendable {
    package enum Side: Sendable, CaseIterable { case sent, received }

    /// Seconds before the end within which what was written may not have reached the disk.
    static let window: Int64 = 5 * 60

    private let state: Mutex<(from: Instant?, left: Set<Side>)>

    init(from: Instant?) { state = Mutex((from, from == nil ? [] : Set(Side.allCases))) }

    /// What ended from then on may lack them; nil if nothing does.
    package var from: Instant? { state.withLock { $0.left.isEmpty ? nil : $0.from } }

    func isOwed(_ side: Side) -> Instant? { state.withLock { $0.left.contains(side) ? $0.from : nil } }

    func done(_ side: Side) { state.withLock { _ = $0.left.remove(side) } }
}

/// What a life of the daemon writes of itself, once a minute: read by the next one.
package struct LifeSign: Sendable {
    let boot: String
    let namespace: String
    let mounts: [MountIdentity]
    let seen: Instant
    /// Ended in order.
    let isOver: Bool
    /// See `NotesOwed.from`.
    let owedFrom: Instant?

    package init(mounts: [MountIdentity], seen: Instant, isOver: Bool = false, owedFrom: Instant? = nil) {
        self.owedFrom = owedFrom
        boot = Boot.id
        namespace = Boot.mountNamespace
        self.mounts = mounts
        self.seen = seen
        self.isOver = isOver
    }

    init(_ bytes: [UInt8]) throws {
        let json = try JSON(kept: bytes)
        guard case .object(let members) = json, case .string(let boot)? = members["boot"],
            case .string(let seen)? = members["seen"], case .array(let mounts)? = members["mounts"],
            case .bool(let isOver)? = members["over"], case .string(let namespace)? = members["namespace"]
        else { throw Malformed("sign of life", "is not of its one shape") }
        self.boot = boot
        self.namespace = namespace
        self.seen = try Instant(seen)
        self.isOver = isOver
        owedFrom = try members["owedFrom"]?.string.map(Instant.init)
        self.mounts = mounts.compactMap { if case .string(let text) = $0 { MountIdentity(text) } else { nil } }
    }

    /// On the disk when it returns. Blocks.
    package func write(_ name: FileName, in root: Folder) throws(FileTrouble) {
        var members: [String: JSON] = [
            "boot": .string(boot), "mounts": .array(mounts.map { .string($0.text) }),
            "namespace": .string(namespace), "over": .bool(isOver), "seen": .string(seen.description),
        ]
        members["owedFrom"] = owedFrom.map { .string($0.description) }
        try DurableFile.write(JSON.object(members).encoded, to: root, name, mode: 0o640)
    }
}
