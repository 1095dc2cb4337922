package import Folders
internal import Synchronization

/// The five folders of an installation that hold files.
package enum Root: String, CaseIterable, Sendable { case outbox, work, held, sent, inbox }

/// Whether our folders are the ones that the ledger knows.
///
/// A *place* is a root, or a folder below one on which something is mounted. Each carries a mark, and the ledger remembers
/// it. `look` compares; a place that is missing or another stands still until it is back. The look is repeated every few
/// seconds: an unmounted disk stays readable for whoever has it open, so nothing is written elsewhere in between.
///
///     look ─► there(folder, identity) | missing(why)  ─►  root(), check(): a verified folder, or `PlaceMissing`
package final class Places: Sendable {
    private struct There: Sendable {
        let folder: Folder
        let identity: FolderIdentity
    }

    private enum Finding: Sendable {
        case there(There)
        case missing(PlaceMissing)

        var identity: FolderIdentity? { if case .there(let there) = self { there.identity } else { nil } }
    }

    private struct State {
        var known: KnownPlaces?
        var found: [String: Finding] = [:]
        var generation = 0
    }

    /// How a folder is opened. Blocks.
    package typealias Opener = @Sendable (_ path: String) throws(FileTrouble) -> Folder

    private let paths: [Root: String]
    private let openFolder: Opener
    private let state = Mutex(State())
    /// Held by who looks: each place has a thread that may never come back.
    private let turn = Mutex<[String: Aside]>([:])

    package init(
        _ paths: [Root: String], opener: @escaping Opener = { path throws(FileTrouble) in try Folder(path) }
    ) {
        (self.paths, openFolder) = (paths, opener)
    }

    package var roots: [Root: String] { paths }
    package func path(_ root: Root) -> String { paths[root] ?? root.rawValue }

    /// Nil until the ledger has said what it knows.
    package var known: KnownPlaces? { state.withLock { $0.known } }
    /// Another number whenever a place went, came back or was exchanged: what was opened before must be opened anew.
    package var generation: Int { state.withLock { $0.generation } }

    /// Those that stand still now.
    package var missing: [PlaceMissing] {
        state.withLock { state in
            state.found.values.compactMap { if case .missing(let missing) = $0 { missing } else { nil } }
        }
    }

    /// What the ledger knows from now on. Blocks: looks at once.
    package func open(_ known: KnownPlaces) {
        state.withLock { $0.known = known }
        look()
    }

    // MARK: The gate

    /// The open folder of a root, which is surely the one that the ledger knows.
    package func root(_ root: Root) throws(PlaceMissing) -> Folder {
        switch state.withLock({ $0.found[root.rawValue] }) {
        case .there(let there)?: return there.folder
        case .missing(let missing)?: throw missing
        case nil: throw PlaceMissing(place: root.rawValue, path: path(root), why: .notLookedAt)
        }
    }

    /// Looks now, before something is concluded that cannot be taken back. Blocks.
    package func confirm(_ root: Root, _ parts: [String] = []) throws(PlaceMissing) {
        look()
        try require(root, parts)
    }

    /// Throws if the root, or a mount on the way to the folder, is missing.
    package func require(_ root: Root, _ parts: [String] = []) throws(PlaceMissing) {
        _ = try self.root(root)
        for depth in parts.indices { try requireBelow(root, parts[...depth]) }
    }

    private func requireBelow(_ root: Root, _ parts: ArraySlice<String>) throws(PlaceMissing) {
        let key = Self.key(root, parts)
        if case .missing(let missing)? = state.withLock({ $0.found[key] }) { throw missing }
    }

    /// Lets one part of the way through: a folder that was just opened below another one. Blocks.
    package func check(
        _ child: Folder, _ root: Root, _ parts: ArraySlice<String>, below parent: Folder
    ) throws {
        let identity = try FolderIdentity(child)
        let isMount = try !identity.isOnMount(of: FolderIdentity(parent))
        let key = Self.key(root, parts)
        let isKnown = { self.state.withLock { $0.found[key] }?.identity == identity }
        if isMount ? isKnown() : !isPlace(root, parts) { return }
        // It came or went since the last look.
        look()
        try require(root, Array(parts))
        guard isKnown() else {
            throw PlaceMissing(place: key, path: "\(path(root))/\(parts.joined(separator: "/"))", why: .unknown)
        }
    }

    /// Whether something is, or should be, mounted here: then a missing folder is never made.
    package func isPlace(_ root: Root, _ parts: ArraySlice<String>) -> Bool {
        state.withLock { $0.found[Self.key(root, parts)] != nil }
    }

    /// The place in which a folder lies: a rename goes on only within one.
    package func place(of root: Root, _ parts: [String]) -> String {
        let keys = parts.indices.reversed().map { Self.key(root, parts[...$0]) }
        return state.withLock { state in keys.first { state.found[$0] != nil } } ?? root.rawValue
    }

    static func key(_ root: Root, _ parts: ArraySlice<String>) -> String {
        ([root.rawValue] + parts).joined(separator: "/")
    }

    /// Such as `ext4, a mount of its own`, for a person; empty while it is missing. Blocks.
    package func fileSystem(of place: String) -> String {
        guard case .there(let there)? = state.withLock({ $0.found[place] }) else { return "" }
        let kind = DiskSpace.fileSystem(of: there.folder) ?? "an unknown file system"
        return MountPoints().contains(there.folder) ? "\(kind), a mount of its own" : "\(kind)"
    }

    // MARK: Looking

    /// Compares each place with what the ledger knows. Blocks, for some seconds at most: a place that does not answer is missing.
    package func look() {
        turn.withLock { asides in
            guard let known else { return }
            let mounts = MountPoints()
            var found = examine(Root.allCases.map { ($0.rawValue, path($0)) }, known, &asides)
            var inside: [(String, String)] = []
            for root in Root.allCases {
                // What is below a missing root is missing with it.
                guard case .there(let there)? = found[root.rawValue] else { continue }
                for inner in inner(root, there.folder, mounts, known) {
                    inside.append(("\(root.rawValue)/\(inner)", "\(path(root))/\(inner)"))
                }
            }
            found.merge(examine(inside, known, &asides)) { $1 }
            note(found)
        }
    }

    /// Nanoseconds. A mount whose server is gone may never answer: it stands still, and nobody waits for it.
    private static let patience: Int64 = 3_000_000_000

    /// All at a time.
    private func examine(
        _ places: [(key: String, path: String)], _ known: KnownPlaces, _ asides: inout [String: Aside]
    ) -> [String: Finding] {
        let deadline = BootClock.now() + Self.patience
        var asked: [(key: String, path: String, answer: Aside.Answer<Finding>?)] = []
        for (key, path) in places {
            let aside = asides[key] ?? Aside("place.\(key)")
            asides[key] = aside
            asked.append((key, path, aside.begin { [self] in examine(key, path, known) }))
        }
        return asked.reduce(into: [:]) { found, place in
            let silent = PlaceMissing(place: place.key, path: place.path, why: .unreadable(Self.silence))
            found[place.key] = place.answer?.wait(until: deadline) ?? .missing(silent)
        }
    }

    private static let silence = "it does not answer, as a mount whose server is gone"

    private func note(_ found: [String: Finding]) {
        state.withLock { state in
            let hasChanged = found.mapValues(\.identity) != state.found.mapValues(\.identity)
            if hasChanged { state.generation += 1 }
            // A folder that is still the same stays open as it is: its descriptor keeps the mount from being taken away.
            state.found = found.merging(state.found) { new, old in
                if let identity = new.identity, identity == old.identity { old } else { new }
            }.filter { found[$0.key] != nil }
        }
    }

    /// What is mounted below a root, and what the ledger knows to be. Hidden folders of a file server are none of ours.
    package func inner(_ root: Root, _ folder: Folder, _ mounts: MountPoints, _ known: KnownPlaces) -> [String] {
        let others = Root.allCases.filter { $0 != root }.map(path)
        let mounted = mounts.below(folder).filter { inner in
            !inner.hasPrefix(".") && inner.split(separator: "/").count <= 3
                && !others.contains("\(path(root))/\(inner)")
        }
        let prefix = "\(root.rawValue)/"
        let remembered = known.entries.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return Set(mounted + remembered).sorted()
    }

    private func examine(_ place: String, _ path: String, _ known: KnownPlaces) -> Finding {
        do {
            let folder = try openFolder(path)
            if let mark = known.entries[place]?.mark, try mark.isIn(folder) {
                return .there(There(folder: folder, identity: try FolderIdentity(folder)))
            }
            let isMarked = try !PlaceMark.all(in: folder).isEmpty
            let why: PlaceMissing.Why = known.entries[place] == nil ? .unknown : isMarked ? .another : .unmarked
            return .missing(PlaceMissing(place: place, path: path, why: why))
        } catch {
            let why: PlaceMissing.Why = error.reason == .missing ? .gone : .unreadable("\(error)")
            return .missing(PlaceMissing(place: place, path: path, why: why))
        }
    }
}
