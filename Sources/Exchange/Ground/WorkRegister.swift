package import Folders
internal import Synchronization
package import Vocabulary

/// A folder of work/ in which claimed files lie. Files of one name lie in batches of rising numbers, in the order in
/// which they were dropped.
package struct WorkFolder: Hashable, Sendable {
    package enum Root: String, Hashable, Sendable, CaseIterable {
        /// Below work/.
        case work
        /// `.work/` inside the route, where the outbox is on a mount of its own: a rename must not cross mounts.
        case route
    }

    package let partner: AgencyID
    package let route: RouteName
    package let root: Root
    /// From 1. Batch 0 is `.work/` itself, where former releases put what was on a mount of its own.
    package let batch: Int

    package init(_ partner: AgencyID, _ route: RouteName, _ root: Root, batch: Int) {
        self.partner = partner
        self.route = route
        self.root = root
        self.batch = batch
    }
}

/// Who every file in work/ belongs to.
///
///     claimed ─► prepared ─► on its way ─► moved to sent/ or held/
///        └─────────── one `WorkClaim` goes along ──────────┘
///
/// A file is somebody's for as long as anybody holds its claim. Whoever drops it, on whatever path of trouble, thereby
/// lets go; then the next look at work/ finds a file that belongs to nobody and takes it up again. So no error can strand
/// a file, not even one that nobody has thought of.
package final class WorkRegister: Sendable {
    /// All files of one route and name: their order is promised.
    package struct Name: Hashable, Sendable {
        package let partner: AgencyID
        package let route: RouteName
        package let name: FileName
    }

    package struct Place: Hashable, Sendable {
        package let folder: WorkFolder
        package let name: FileName

        package init(_ folder: WorkFolder, _ name: FileName) { (self.folder, self.name) = (folder, name) }

        package var named: Name { Name(partner: folder.partner, route: folder.route, name: name) }
        /// As the ledger's rows say it.
        var text: String { "\(max(1, folder.batch))/\(name.text ?? "")" }
    }

    private struct Owned {
        /// Whose turn it is among those of one name goes by `turn`.
        var places: [Name: [WorkFolder: (id: ConsignmentID, turn: Int)]] = [:]
        /// How many places a consignment has: two while it moves on from one to another.
        var ids: [ConsignmentID: Int] = [:]

        mutating func count(_ id: ConsignmentID, _ change: Int) {
            let count = ids[id, default: 0] + change
            ids[id] = count > 0 ? count : nil
        }
        var counts: [AgencyID: [RouteName: Int]] = [:]
    }

    private let owned = Mutex(Owned())
    /// Names of which a file has left work/: the next of that name may go on. For one reader.
    let freed: AsyncStream<Name>
    private let tell: AsyncStream<Name>.Continuation

    package init() { (freed, tell) = AsyncStream.makeStream() }

    /// Before the file is renamed there, so that nobody takes it for forgotten. Nil if it is somebody's already.
    /// - Parameter turn: among files of its name; without it, its batch.
    package func own(_ place: Place, _ id: ConsignmentID, turn: Int? = nil) -> WorkClaim? {
        let turn = turn ?? place.folder.batch
        let isFree = owned.withLock { owned in
            guard owned.places[place.named]?[place.folder] == nil else { return false }
            owned.places[place.named, default: [:]][place.folder] = (id, turn)
            owned.count(id, 1)
            owned.counts[place.folder.partner, default: [:]][place.folder.route, default: 0] += 1
            return true
        }
        return isFree ? WorkClaim(self, place, id, turn: turn) : nil
    }

    fileprivate func letGo(_ place: Place, _ id: ConsignmentID) {
        owned.withLock { owned in
            owned.places[place.named]?[place.folder] = nil
            if owned.places[place.named]?.isEmpty == true { owned.places[place.named] = nil }
            owned.count(id, -1)
            owned.counts[place.folder.partner]?[place.folder.route]? -= 1
        }
        tell.yield(place.named)
    }

    fileprivate func rename(_ place: Place, _ old: ConsignmentID, _ new: ConsignmentID) {
        owned.withLock { owned in
            owned.places[place.named]?[place.folder]?.id = new
            owned.count(old, -1)
            owned.count(new, 1)
        }
    }

    func stop() { tell.finish() }

    func isOwned(_ place: Place) -> Bool { owned.withLock { $0.places[place.named]?[place.folder] != nil } }
    func isUnderWay(_ id: ConsignmentID) -> Bool { owned.withLock { $0.ids[id] != nil } }
    package func holds(_ name: Name) -> Bool { owned.withLock { $0.places[name] != nil } }
    func count(_ partner: AgencyID, _ route: RouteName) -> Int { owned.withLock { $0.counts[partner]?[route] ?? 0 } }

    /// Behind every file of this name.
    package func nextBatch(_ name: Name) -> Int {
        (owned.withLock { $0.places[name]?.keys.map(\.batch).max() } ?? 0) + 1
    }

    /// Whether a file of this name was dropped earlier and has not left.
    package func isBehind(_ place: Place) -> Bool {
        owned.withLock { owned in
            guard let places = owned.places[place.named], let turn = places[place.folder]?.turn else { return false }
            return places.values.contains { $0.turn < turn }
        }
    }
}

/// Keeps one file in work/ somebody's.
package final class WorkClaim: Sendable {
    private let register: WorkRegister
    private let place: WorkRegister.Place
    /// Behind those of its name with a smaller one.
    package let turn: Int
    /// Nil once let go.
    private let id: Mutex<ConsignmentID?>

    fileprivate init(_ register: WorkRegister, _ place: WorkRegister.Place, _ id: ConsignmentID, turn: Int) {
        (self.register, self.place, self.turn) = (register, place, turn)
        self.id = Mutex(id)
    }

    deinit { letGo() }

    /// The file has left work/, or was never put there. More than once does no harm.
    package func letGo() {
        let held = id.withLock { id in
            defer { id = nil }
            return id
        }
        if let held { register.letGo(place, held) }
    }

    /// The file goes on under another id.
    func rename(_ new: ConsignmentID) {
        let old = id.withLock { id in
            defer { if id != nil { id = new } }
            return id
        }
        if let old { register.rename(place, old, new) }
    }
}
