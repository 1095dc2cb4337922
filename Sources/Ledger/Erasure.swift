package import Vocabulary

/// Details that go together in one commit: of whole consignments, with the event that says so.
///
///     details of the leaves   deleted, and their salts with them
///     the consignment's row   blanked: id, parties, route, state, times and the digests of what was signed stay
///     leaves, tree            untouched: every proof and checkpoint verifies as before
///     one event `erased`      names the leaves, who wished it and why; never erased itself
package struct Erasure: Hashable, Sendable {
    /// What chose the consignments. The reference itself is never recorded: it would outlive what it names.
    package enum Selector: String, Sendable, CaseIterable {
        case subject, before, id, schedule
        /// One person's reference alone (`OfReference`).
        case reference
    }

    /// Of one commit, so that an event stays readable and an append never waits long.
    package static let mostConsignments = 100

    package let keys: [ConsignmentKey]
    package let selector: Selector
    package let because: String
    /// `person:<account>` or `daemon`.
    package let by: String
    /// Files of these consignments that have still to be removed once it is committed; kept in the same commit.
    package let files: [ErasedFile]
    /// On whose word in spite of which concerns (`ErasureConcern.word`).
    package var although: Although?
    package var concerns: [String] = []

    package init(
        _ keys: [ConsignmentKey], selector: Selector, because: String, by: String, files: [ErasedFile] = []
    ) {
        self.keys = keys
        self.selector = selector
        self.because = because
        self.by = by
        self.files = files
    }

    /// Under which names `Ledger.remember` keeps what has still to be done after a commit.
    package enum Pending {
        package static let all = "erase/"
        /// Followed by the number of the event.
        package static let files = "erase/files/"
        /// The same of a reference that has still to be taken out of notes.
        package static let references = "erase/reference/"
        /// The pages of the file may still hold what was erased.
        package static let pages = "erase/pages"
    }
}

/// What is known of a consignment's files once its row is blank: enough to find them, and nothing that names anybody.
package struct ErasedFile: Hashable, Sendable {
    package let key: ConsignmentKey
    package let route: RouteName
    /// Device, inode, size and time of the file that was sent (`FileFacts.mark`).
    package let mark: String?

    package init(key: ConsignmentKey, route: RouteName, mark: String?) {
        (self.key, self.route, self.mark) = (key, route, mark)
    }

    package var json: JSON {
        var members: [String: JSON] = [
            "direction": .string(key.direction.rawValue), "id": .string(key.id.text),
            "partner": .string(key.partner.text), "route": .string(route.text),
        ]
        members["mark"] = mark.map(JSON.string)
        return .object(members)
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "erased file")
        guard let direction = Direction(rawValue: try m.string("direction")) else {
            throw Malformed("erased file", "has an unknown direction")
        }
        key = ConsignmentKey(direction, try m.agency("partner"), try m.consignment("id"))
        route = try RouteName(m.string("route"))
        mark = try m.optionalString("mark")
        try m.end()
    }
}

/// A consignment that somebody wishes to be erased, and what stands against it.
package struct ErasureCandidate: Hashable, Sendable {
    package let record: ConsignmentRecord
    /// When the last thing happened to it.
    package let lastAt: Instant
    /// How many details are stored about it.
    package let details: Int
    /// What is still owed because of it.
    package let open: [Duty.Kind]
    /// Everybody who is named in it, by the references that labels carry.
    package var persons: [String] = []
    /// To whom something is still owed because of it.
    package var owedTo: Set<String> = []
    /// The latest review date in what was never signed, such as the label of a held file.
    package var reviewBy: CalendarDate?

    package init(record: ConsignmentRecord, lastAt: Instant, details: Int, open: [Duty.Kind]) {
        self.record = record
        self.lastAt = lastAt
        self.details = details
        self.open = open
    }

    /// Why it may not be erased now; nil if it may.
    package var obstacle: Obstacle? {
        switch record.state {
        case _ where record.erasedAt != nil: .erased
        case .held, .blocked: .waits
        case let state where ConsignmentState.open.contains(state): .underWay
        default: blocking.isEmpty ? nil : .owed(blocking)
        }
    }

    /// The same for one person's reference: what is owed to others does not stand against it.
    package func obstacle(against reference: String) -> Obstacle? {
        switch obstacle {
        case .owed?: owedTo.contains(reference) ? .owed([.notice]) : nil
        case let other: other
        }
    }

    /// Whether somebody collects a file is nothing that anybody is owed: these duties go with the rest.
    package static let passing: Set<Duty.Kind> = [.collection, .uncollected]
    private var blocking: [Duty.Kind] { open.filter { !Self.passing.contains($0) } }

    package enum Obstacle: Hashable, Sendable, CustomStringConvertible {
        case erased, waits, underWay
        case owed([Duty.Kind])
        /// Its file has not left work/ yet, and would be taken for a new one.
        case inWork
        /// More than one person's own affair: two officers may say `although`.
        case concerns([ErasureConcern])

        package var description: String {
            switch self {
            case .erased: "it is erased already"
            case .waits: "it waits for a person: waybill held list"
            case .underWay: "it is still on its way: waybill status"
            case .owed(let kinds):
                "still owed: \(kinds.map(\.rawValue).joined(separator: ", ")). See waybill duties list"
            case .concerns(let concerns): concerns.map(\.description).joined(separator: "; ")
            case .inWork: "its file still lies in work/: restart waybilld, which moves it to where it belongs"
            }
        }
    }
}
