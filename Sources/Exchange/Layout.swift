package import Folders
package import Vocabulary

/// Where the folders of an installation are (the picture is in `durability.md`). Keeps those open that are used (`FolderCache`).
package final class Layout: Sendable {
    package let outbox: String
    package let work: String
    package let held: String
    package let sent: String
    package let inbox: String
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

    package init(outbox: String, work: String, held: String, sent: String, inbox: String, groups: Groups = Groups()) {
        self.groups = groups
        self.outbox = outbox
        self.work = work
        self.held = held
        self.sent = sent
        self.inbox = inbox
    }

    /// The one batch folder of a route. A second drop of the same name waits in the outbox until the first is done
    /// (order is promised for one route and name), so names never clash here and the folder is used again and again:
    /// deleting thousands of files and making thousands of new ones is slow on ext4.
    static let batch = "1"

    package func outbox(_ partner: AgencyID, _ route: RouteName) throws -> Folder {
        try folder([outbox, partner.text, route.text], mode: 0o3770, group: groups.senders)
    }

    /// Below work/, or inside the route where the outbox is on a mount of its own: a rename must not cross mounts.
    package func work(_ partner: AgencyID, _ route: RouteName) throws -> Folder {
        let usual = try folder([work, partner.text, route.text, Self.batch], mode: 0o700)
        if DiskSpace.onSameMount(usual, try outbox(partner, route)) { return usual }
        return try folder([outbox, partner.text, route.text, ".work"], mode: 0o700)
    }

    package func held(_ partner: AgencyID, _ route: RouteName, on day: CalendarDate) throws -> Folder {
        try folder([held, partner.text, route.text, day.description], mode: 0o2750, group: groups.senders)
    }

    package func sent(_ partner: AgencyID, _ route: RouteName, on day: CalendarDate) throws -> Folder {
        try folder([sent, partner.text, route.text, day.description], mode: 0o2750, group: groups.senders)
    }

    package func inbox(_ partner: AgencyID, _ route: RouteName) throws -> Folder {
        try folder([inbox, partner.text, route.text], mode: 0o2770, group: groups.readers)
    }

    package func waybills(_ partner: AgencyID) throws -> Folder {
        try folder([inbox, partner.text, ".waybills"], mode: 0o2750, group: groups.readers)
    }

    package func staging(_ partner: AgencyID) throws -> Folder {
        try folder([inbox, partner.text, ".staging"], mode: 0o700, parents: groups.readers)
    }

    /// Opens a folder, making it durably if it is missing, and remembers it. One that was removed meanwhile is made
    /// anew. The folders above it get its group too, so that its members can reach it.
    private func folder(
        _ parts: [String], mode: UInt32, group: Group? = nil, parents: Group? = nil
    ) throws -> Folder {
        let path = parts.joined(separator: "/")
        if let known = open[path], (try? known.facts().links) ?? 0 > 0 { return known }
        var folder = try Folder.make(parts[0], mode: 0o755)
        for (depth, part) in parts.dropFirst().enumerated() {
            let isLast = depth == parts.count - 2
            let name = try Names.file(part)
            if let there = try? folder.subfolder(name) {
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
