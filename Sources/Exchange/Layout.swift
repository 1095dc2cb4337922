package import Folders
internal import Synchronization
package import Vocabulary

/// Where the folders of an installation are (the picture is in `durability.md`). Opens each once and keeps it open.
package final class Layout: Sendable {
    package let outbox: String
    package let work: String
    package let held: String
    package let sent: String
    package let inbox: String
    private let open = Mutex<[String: Folder]>([:])

    package init(outbox: String, work: String, held: String, sent: String, inbox: String) {
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
        try folder("\(outbox)/\(partner)/\(route)", mode: 0o1770)
    }

    package func work(_ partner: AgencyID, _ route: RouteName) throws -> Folder {
        try folder("\(work)/\(partner)/\(route)/\(Self.batch)", mode: 0o700)
    }

    package func held(_ partner: AgencyID, _ route: RouteName, on day: CalendarDate) throws -> Folder {
        try folder("\(held)/\(partner)/\(route)/\(day)", mode: 0o750)
    }

    package func sent(_ partner: AgencyID, _ route: RouteName, on day: CalendarDate) throws -> Folder {
        try folder("\(sent)/\(partner)/\(route)/\(day)", mode: 0o750)
    }

    package func inbox(_ partner: AgencyID, _ route: RouteName) throws -> Folder {
        try folder("\(inbox)/\(partner)/\(route)", mode: 0o770)
    }

    package func waybills(_ partner: AgencyID) throws -> Folder {
        try folder("\(inbox)/\(partner)/.waybills", mode: 0o750)
    }

    package func staging(_ partner: AgencyID) throws -> Folder {
        try folder("\(inbox)/\(partner)/.staging", mode: 0o700)
    }

    /// Opens a folder, making it durably if it is missing, and remembers it. One that was removed meanwhile is made anew.
    private func folder(_ path: String, mode: UInt32) throws -> Folder {
        if let known = open.withLock({ $0[path] }), (try? known.facts().links) ?? 0 > 0 { return known }
        let made = try Folder.make(path, mode: mode)
        open.withLock { $0[path] = made }
        return made
    }
}
