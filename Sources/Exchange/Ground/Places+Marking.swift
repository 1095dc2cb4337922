internal import Folders
package import Vocabulary

// Who makes a mark: `init`, the first start that finds a ledger without any, `partner add`, and a person. Never a start
// that misses one: what it lacks may be on the disk that is not mounted.

extension Places {
    /// What a ledger that knows no place yet takes in. Blocks.
    ///
    /// A root that `init` marked must carry that mark; a disk that was mounted over it since, and has none, is taken in: a
    /// disk that is *missing* leaves no mount behind. Without a list, an older version made the installation, and roots are
    /// taken as they are, but for those in `doubtful`.
    ///
    /// - Throws: `PlaceMissing` if a root is to be marked and cannot be: nothing is taken in then.
    func takeIn(_ founded: [Root: PlaceMark], doubtful: Set<Root>, at now: Instant) throws(PlaceMissing) -> KnownPlaces
    {
        var known = KnownPlaces()
        let mounts = MountPoints()
        for root in Root.allCases {
            let folder = try? Folder(path(root))
            if let expected = founded[root] {
                known.entries[root.rawValue] = KnownPlaces.Entry(mark: expected, by: "init", at: now)
                let isThere = folder.flatMap { try? expected.isIn($0) } ?? false
                if !isThere, let folder, mounts.contains(folder),
                    let entry = try taken(folder, root, above: expected, at: now)
                {
                    known.entries[root.rawValue] = entry
                }
            } else if let folder, !doubtful.contains(root) {
                known.entries[root.rawValue] = try taken(folder, root, at: now)
            }
            guard let folder, let mark = known.entries[root.rawValue]?.mark, (try? mark.isIn(folder)) == true else {
                continue
            }
            for inner in inner(root, folder, mounts, KnownPlaces()) {
                guard let mounted = try? Folder("\(path(root))/\(inner)") else { continue }
                known.entries["\(root.rawValue)/\(inner)"] = try? Self.taken(mounted, at: now)
            }
        }
        return known
    }

    /// Mounts of one partner that nobody knew before. Blocks.
    func takeIn(of partner: AgencyID, into known: KnownPlaces, at now: Instant) -> KnownPlaces {
        var known = known
        let mounts = MountPoints()
        for root in Root.allCases {
            guard let folder = try? self.root(root) else { continue }
            for inner in inner(root, folder, mounts, KnownPlaces())
            where inner.split(separator: "/").first == partner.text[...] {
                let key = "\(root.rawValue)/\(inner)"
                guard known.entries[key] == nil, let mounted = try? Folder("\(path(root))/\(inner)") else { continue }
                known.entries[key] = try? Self.taken(mounted, at: now)
            }
        }
        return known
    }

    /// By the mark that it carries, or a new one; nil if it has one and must not.
    ///
    /// - Parameter below: the mark of the folder that is hidden below the mount. The new mark follows from it, so that a
    ///   start that died before the ledger had it all finds its own again.
    private static func taken(
        _ folder: Folder, above below: PlaceMark? = nil, at now: Instant
    ) throws(FileTrouble) -> KnownPlaces.Entry? {
        if let mark = try PlaceMark.all(in: folder).first {
            let isFit = below.map { mark == $0.opposite } ?? true
            return isFit ? KnownPlaces.Entry(mark: mark, by: "start", at: now) : nil
        }
        let mark = below?.opposite ?? .random()
        try mark.put(in: folder)
        CrashPoint.afterPlaceMarked.pass()
        return KnownPlaces.Entry(mark: mark, by: "start", at: now)
    }

    private func taken(
        _ folder: Folder, _ root: Root, above below: PlaceMark? = nil, at now: Instant
    ) throws(PlaceMissing) -> KnownPlaces.Entry? {
        do { return try Self.taken(folder, above: below, at: now) } catch {
            throw PlaceMissing(place: root.rawValue, path: path(root), why: .unmarkable("\(error)"))
        }
    }

    // MARK: A person accepts it

    /// The place at a path, as a person names it; nil if none of ours is there.
    package func place(at path: String) -> String? {
        let wanted = (try? Folder(path))?.path ?? path
        for root in Root.allCases {
            let ours = self.path(root)
            if ours == path || ours == wanted { return root.rawValue }
            guard let folder = try? Folder(ours) else { continue }
            if folder.path == wanted { return root.rawValue }
            let inner = inner(root, folder, MountPoints(), known ?? KnownPlaces())
            if let found = inner.first(where: { "\(ours)/\($0)" == path || "\(folder.path ?? ours)/\($0)" == wanted }) {
                return "\(root.rawValue)/\(found)"
            }
        }
        return nil
    }

    /// Marks a place anew. The caller remembers what comes back before anything else. Blocks.
    ///
    /// A root that is gone is made. A folder below one on which nothing is mounted any more is an ordinary folder again.
    package func accept(_ place: String, by account: String, at now: Instant) throws -> KnownPlaces {
        var known = known ?? KnownPlaces()
        let parts = place.split(separator: "/", maxSplits: 1).map(String.init)
        guard let root = parts.first.flatMap(Root.init(rawValue:)) else { throw Malformed("place", "is none of ours") }
        let folder: Folder
        if parts.count == 2 {
            folder = try Folder("\(path(root))/\(parts[1])")
            guard MountPoints().contains(folder) else {
                known.entries[place] = nil
                return known
            }
        } else {
            folder = try Folder.make(path(root), mode: root == .work ? 0o700 : 0o755)
        }
        let mark = PlaceMark.random()
        try mark.put(in: folder)
        CrashPoint.afterPlaceMarked.pass()
        known.entries[place] = KnownPlaces.Entry(mark: mark, by: "person:\(account)", at: now)
        return known
    }

    /// Marks that nobody remembers go, so that there is one. What cannot be removed does no harm. Blocks.
    package func tidy(_ place: String) {
        let path = place.split(separator: "/", maxSplits: 1).dropFirst().first.map { "/\($0)" } ?? ""
        guard let root = Root(rawValue: String(place.prefix { $0 != "/" })), let mark = known?.entries[place]?.mark,
            let folder = try? Folder(self.path(root) + path)
        else { return }
        for old in (try? PlaceMark.all(in: folder)) ?? [] where old != mark { try? old.remove(from: folder) }
    }
}
