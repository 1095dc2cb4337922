package import Folders
internal import Glibc
package import Vocabulary

/// Where the folders of an installation are. Keeps those open that are used (`FolderCache`).
///
/// With `places` it is a gate too: no folder is opened, made or looked into but inside a place that the ledger knows.
package final class Layout: Sendable {
    package let outbox: String
    package let work: String
    package let held: String
    package let sent: String
    package let inbox: String
    /// Nil in tests that have no marks: then every folder is believed.
    package let places: Places?
    private let groups: Groups
    private let open = FolderCache()

    /// Unix groups of people; nil leaves the daemon's own.
    package struct Groups: Sendable {
        package var senders: Group?
        package var readers: Group?

        package init(senders: Group? = nil, readers: Group? = nil) {
            self.senders = senders
            self.readers = readers
        }
    }

    package init(
        outbox: String, work: String, held: String, sent: String, inbox: String, groups: Groups = Groups(),
        isGuarded: Bool = false
    ) {
        self.groups = groups
        places =
            isGuarded
            ? Places([.outbox: outbox, .work: work, .held: held, .sent: sent, .inbox: inbox]) : nil
        self.outbox = outbox
        self.work = work
        self.held = held
        self.sent = sent
        self.inbox = inbox
    }

    /// Opens files that are closed to us, of whoever may drop; nil where no group says who that is.
    var privateDrops: PrivateDrops? { groups.senders.map(PrivateDrops.init(ofMembersOf:)) }

    package func outbox(_ partner: AgencyID, _ route: RouteName) throws -> Folder {
        try folder(.outbox, [partner.text, route.text], mode: 0o3770, group: groups.senders)
    }

    /// Where what is dropped on a route is claimed to: a rename must not cross mounts.
    package func workRoot(_ partner: AgencyID, _ route: RouteName) throws -> WorkFolder.Root {
        let usual = try folder(.work, [partner.text, route.text], mode: 0o700)
        return DiskSpace.onSameMount(usual, try outbox(partner, route)) ? .work : .route
    }

    /// Batch folders are used again and again: deleting thousands of files and making thousands of new ones is slow on
    /// ext4.
    package func work(_ place: WorkFolder) throws -> Folder {
        let (root, parts) = parts(of: place)
        return try folder(root, parts, mode: 0o700)
    }

    /// The batch folders that there are. Both roots are looked into: an outbox may have been moved to a mount of its own,
    /// or back, with files on their way.
    ///
    /// - Throws: `PlaceMissing` if one of them cannot be looked into now: then nothing can be said of a file that is not
    ///   in the others.
    package func batches(_ partner: AgencyID, _ route: RouteName) throws -> [WorkFolder] {
        try WorkFolder.Root.allCases.flatMap { root -> [WorkFolder] in
            let top = WorkFolder(partner, route, root, batch: 0)
            let (place, parts) = parts(of: top)
            guard let folder = try existing(place, parts) else { return [] }
            let numbers = try folder.entries().compactMap { name in name.text.flatMap { Int($0) } }
            let batches = numbers.filter { $0 > 0 }.sorted().map { WorkFolder(partner, route, root, batch: $0) }
            return (root == .route ? [top] : []) + batches
        }
    }

    /// The mounts that people drop on and that files wait on. Blocks; what is away is left out.
    package func mounts(_ partners: [AgencyID], _ routes: [RouteName]) -> [MountIdentity] {
        let dropped = partners.flatMap { partner in routes.compactMap { try? outbox(partner, $0) } }
        let all = dropped + [Root.work, .sent].compactMap { try? existing($0) }
        return Set(all.compactMap { MountIdentity(of: $0) }).sorted { $0.text < $1.text }
    }

    /// Routes of which claimed files may lie in work/, whatever the agreements say now.
    package func routesInWork(_ partner: AgencyID) throws -> [RouteName] {
        try existing(.work, [partner.text])?.entries().compactMap { name in try? RouteName(name.text ?? "") } ?? []
    }

    /// Whose claimed files may lie in work/, partners or not.
    package func partnersInWork() throws -> [AgencyID] {
        try existing(.work)?.entries().compactMap { name in try? AgencyID(name.text ?? "") } ?? []
    }

    private static let inRoute = ".work"

    private func parts(of place: WorkFolder) -> (Root, [String]) {
        let way = [place.partner.text, place.route.text]
        let batch = place.batch > 0 ? ["\(place.batch)"] : []
        return place.root == .work ? (.work, way + batch) : (.outbox, way + [Self.inRoute] + batch)
    }

    package func held(_ partner: AgencyID, _ route: RouteName, on day: CalendarDate) throws -> Folder {
        try folder(.held, [partner.text, route.text, day.description], mode: 0o2750, group: groups.senders)
    }

    package func sent(_ partner: AgencyID, _ route: RouteName, on day: CalendarDate) throws -> Folder {
        try folder(.sent, [partner.text, route.text, day.description], mode: 0o2750, group: groups.senders)
    }

    package func inbox(_ partner: AgencyID, _ route: RouteName) throws -> Folder {
        try folder(.inbox, [partner.text, route.text], mode: 0o2770, group: groups.readers)
    }

    package func waybills(_ partner: AgencyID) throws -> Folder {
        try folder(.inbox, [partner.text, Self.sideCars], mode: 0o2750, group: groups.readers)
    }

    package func staging(_ partner: AgencyID) throws -> Folder {
        try folder(.inbox, [partner.text, Self.staging], mode: 0o700, parents: groups.readers)
    }

    /// Below each partner's inbox: what is to be known of each file there.
    static let sideCars = ".waybills"
    /// Below each partner's inbox: what is arriving.
    static let staging = ".staging"

    // MARK: - The gate

    /// Another number whenever a place went, came back or was exchanged: folders that were got before must be got anew.
    package var generation: Int { places?.generation ?? 0 }

    /// Looks now whether a folder's place is still the one that the ledger knows, before something is concluded that
    /// cannot be taken back. Blocks.
    ///
    /// - Throws: `PlaceMissing`.
    package func confirm(_ root: Root, _ parts: [String] = []) throws { try places?.confirm(root, parts) }

    /// The same by the last look, which is a few seconds old at most.
    package func require(_ root: Root, _ parts: [String] = []) throws { try places?.require(root, parts) }

    /// Whether a staged file can be renamed into the inbox folder of a route.
    package func canPublish(_ partner: AgencyID, _ route: RouteName) -> Bool {
        guard let places else { return true }
        return places.place(of: .inbox, [partner.text, Self.staging])
            == places.place(of: .inbox, [partner.text, route.text])
    }

    /// A folder that is there, opened anew; nil if it is not. Nothing is made.
    ///
    /// - Throws: `PlaceMissing`; `FileTrouble` if it cannot be opened.
    package func existing(_ root: Root, _ parts: [String] = []) throws -> Folder? {
        // Before anything is opened: a place that is missing may be one that never answers.
        try places?.require(root, parts)
        guard let base = try base(root, mayMake: false) else { return nil }
        var folder = base
        for depth in parts.indices {
            guard let child = try child(of: folder, root, Array(parts[...depth])) else { return nil }
            folder = child
        }
        return folder
    }

    /// The last folder on a way below a root, if it is there.
    private func child(of folder: Folder, _ root: Root, _ way: [String]) throws -> Folder? {
        let name = try Names.file(way.last ?? "")
        do {
            let child = try folder.subfolder(name)
            try places?.check(child, root, way[...], below: folder)
            return child
        } catch let trouble as FileTrouble where trouble.reason == .missing {
            try places?.require(root, way)
            return nil
        }
    }

    private func path(_ root: Root) -> String {
        switch root {
        case .outbox: outbox
        case .work: work
        case .held: held
        case .sent: sent
        case .inbox: inbox
        }
    }

    /// A root is never made where places are known: what is missing may be a disk.
    private func base(_ root: Root, mayMake: Bool) throws -> Folder? {
        if let places { return try places.root(root) }
        if mayMake { return try Folder.make(path(root), mode: 0o755) }
        do { return try Folder(path(root)) } catch  where error.reason == .missing { return nil }
    }

    /// Opens a folder, making it durably if it is missing, and remembers it. One that was removed meanwhile is made
    /// anew. The folders above it get its group too, so that its members can reach it.
    private func folder(
        _ root: Root, _ parts: [String], mode: UInt32, group: Group? = nil, parents: Group? = nil
    ) throws -> Folder {
        try places?.require(root, parts)
        let path = "\(generation):\(root.rawValue)/\(parts.joined(separator: "/"))"
        if let known = open[path], (try? known.facts().links) ?? 0 > 0 { return known }
        guard let base = try base(root, mayMake: true) else { throw FileTrouble("open a folder", errno: ENOENT) }
        var folder = base
        for (depth, part) in parts.enumerated() {
            let isLast = depth == parts.count - 1
            let name = try Names.file(part)
            if let there = try? folder.subfolder(name) {
                try places?.check(there, root, parts[...depth], below: folder)
                folder = there
            } else {
                folder = try folder.makeSubfolder(name, mode: isLast ? mode : 0o2750)
                if let group = isLast ? group : parents ?? group { try folder.setGroup(group) }
                // After the group: changing it takes the set-group-id bit away.
                try folder.setMode(isLast ? mode : 0o2750)
            }
        }
        open[path] = folder
        return folder
    }
}
