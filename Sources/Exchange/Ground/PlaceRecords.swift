internal import Folders
package import Ledger
package import Vocabulary

/// Keeps what the ledger knows of our places.
package struct PlaceRecords: Sendable {
    private let ledger: any Ledger
    private let places: Places
    private let list: PlaceList
    private let doubts: Doubts

    /// - Parameter root: the installation's own folder.
    package init(_ ledger: any Ledger, _ places: Places, root: String, doubts: Doubts = Doubts()) {
        self.ledger = ledger
        self.places = places
        self.doubts = doubts
        list = PlaceList(in: root)
    }

    /// Opens the places: by what the ledger knows, or, where it knows none, by what `init` left and what is there.
    /// - Throws: `PlaceMissing` if one is to be marked and cannot be; the next try begins anew.
    /// - Returns: whether they were taken in just now.
    @discardableResult
    package func begin(at now: Instant) async throws -> Bool {
        if let known = try await remembered() {
            try await Blocking.run { [places, list] in
                try list.remove()
                places.open(known)
            }
            return false
        }
        let founded = try await Blocking.run { [list, places] in try list.read(for: places.roots) }
        let doubtful = founded.isEmpty ? try await doubtful() : []
        // An older version may have made the folder below a mount that is missing just now.
        try await doubt { _ in true }
        let known = try await Blocking.run { [places] in try places.takeIn(founded, doubtful: doubtful, at: now) }
        try await ledger.remember(KnownPlaces.fact, known.text)
        CrashPoint.afterPlacesRemembered.pass()
        try await Blocking.run { [places, list] in
            try list.remove()
            places.open(known)
        }
        return true
    }

    package func remembered() async throws -> KnownPlaces? {
        try await ledger.remembered(KnownPlaces.fact).map { text throws(Malformed) in try KnownPlaces(parsing: text) }
    }

    /// Roots that are empty although the ledger has consignments that left something there: as below a missing mount.
    private func doubtful() async throws -> Set<Root> {
        let counts = try await ledger.counts()
        let hasSent = counts[.sent]?.values.contains { $0 > 0 } ?? false
        let hasReceived = counts[.received]?.values.contains { $0 > 0 } ?? false
        let hasDelivered = counts[.sent]?[.delivered] ?? 0 > 0
        let used: [Root] =
            (hasSent ? [.outbox, .work] : []) + (hasDelivered ? [.sent] : []) + (hasReceived ? [.inbox] : [])
        return try await Blocking.run { [places] in Set(used.filter { Self.isEmpty(places.path($0)) }) }
    }

    private static func isEmpty(_ path: String) -> Bool {
        ((try? Folder(path).entries()) ?? []).allSatisfy { $0.text == "lost+found" }
    }

    // MARK: A person, or a new partner

    /// What accepting a place means now, in words for whoever asks for it.
    package func preview(_ place: String) async throws -> String {
        let before = places.known?.entries[place].map { "The ledger knew another one since \($0.at.date) (\($0.by))." }
        let rows = try await ledger.publishing().count { Self.lies($0, in: place) }
        var filter = LedgerFilter()
        (filter.direction, filter.states) = (.sent, [.claimed, .signed, .dispatching])
        let open =
            place.hasPrefix("work") || place.hasPrefix("outbox")
            ? try await ledger.list(filter, after: nil, limit: 10_000).count : 0
        return [
            "\(place)/ as it is now gets a new mark, and is the one from now on.",
            before ?? "The ledger did not know it.",
            rows > 0 ? "What was about to be published (\(rows)) is asked for anew unless it is there." : "",
            open > 0
                ? "Of what is under way (\(open)), if its file is not here, the partner is asked; what it does not have "
                    + "becomes lost, and must be dropped again." : "",
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func lies(_ row: ConsignmentRecord, in place: String) -> Bool {
        let partner = "inbox/\(row.key.partner)"
        return place == "inbox" || place == partner || place.hasPrefix("\(partner)/")
    }

    /// The place is the one from now on. What was about to be published there is doubted, first.
    package func accept(_ place: String, by account: String, at now: Instant) async throws {
        try await doubt { Self.lies($0, in: place) }
        let known = try await Blocking.run { [places] in try places.accept(place, by: account, at: now) }
        try await ledger.remember(KnownPlaces.fact, known.text)
        try await Blocking.run { [places] in
            places.open(known)
            places.tidy(place)
        }
    }

    /// The partner's folders, where they are mounts already.
    package func takeIn(of partner: AgencyID, at now: Instant) async throws {
        guard let before = places.known else { return }
        let known = try await Blocking.run { [places] in places.takeIn(of: partner, into: before, at: now) }
        guard known != before else { return }
        try await ledger.remember(KnownPlaces.fact, known.text)
        try await Blocking.run { [places] in places.open(known) }
    }

    /// Of rows about to be published, a missing staged file proves nothing any more.
    private func doubt(where isMeant: (ConsignmentRecord) -> Bool) async throws {
        for row in try await ledger.publishing() where isMeant(row) {
            try await doubts.raise(.open, of: row.key, in: ledger)
        }
    }
}

extension Ledger {
    /// Every row of a file that is about to be published.
    func publishing() async throws -> [ConsignmentRecord] {
        var filter = LedgerFilter()
        filter.direction = .received
        filter.states = [.publishing]
        var (records, last) = ([ConsignmentRecord](), ConsignmentKey?.none)
        while true {
            let page = try await list(filter, after: last, limit: 500)
            records += page
            guard page.count == 500, let end = page.last else { return records }
            last = end.key
        }
    }
}
