internal import Folders
internal import Logging
internal import Vocabulary

/// Looks at our places every few seconds, raises and clears an alarm for each that is missing, and has what stood still
/// taken up again when one comes back.
package actor PlaceWatch {
    private let agency: Agency
    private let records: PlaceRecords
    private let returned: @Sendable () async -> Void
    private var since: [String: Instant] = [:]
    private var generation = 0
    /// Seconds: so long may files go on into a disk that was taken away under us; it still keeps them.
    private static let atMost = 5.0

    /// - Parameter returned: called when a place went, came back or was exchanged.
    package init(_ agency: Agency, _ records: PlaceRecords, returned: @escaping @Sendable () async -> Void) {
        self.agency = agency
        self.records = records
        self.returned = returned
    }

    package func run() async {
        while !Task.isCancelled {
            if await look() { await returned() }
            try? await Task.sleep(for: .seconds(min(Self.atMost, agency.rules.scanInterval)))
        }
    }

    /// - Returns: whether anything has changed since the look before.
    @discardableResult
    package func look() async -> Bool {
        guard let places = agency.layout.places else { return false }
        do {
            if places.known == nil {
                if try await records.begin(at: agency.clock.now()) {
                    agency.log.notice("folders marked and remembered")
                }
            } else {
                try await Blocking.run { places.look() }
            }
            agency.alarms.alarm("places", nil)
        } catch let missing as PlaceMissing {
            agency.alarms.alarm("places", "\(missing)")
        } catch {
            agency.alarms.alarm(
                "places",
                "What the ledger knows of our folders cannot be read, so nothing is taken in or sent: \(error)")
        }
        tell(places.missing)
        defer { generation = places.generation }
        return generation != places.generation
    }

    private func tell(_ missing: [PlaceMissing]) {
        for one in missing where since[one.place] == nil {
            since[one.place] = agency.clock.now()
            agency.log.error("a folder of ours is missing", metadata: ["place": "\(one.place)", "why": "\(one)"])
        }
        for one in missing {
            let from = Notes.moment(since[one.place] ?? agency.clock.now())
            agency.alarms.alarm("place/\(one.place)", "Since \(from): \(one)")
        }
        let left = Set(missing.map(\.place))
        for place in since.keys where !left.contains(place) {
            since[place] = nil
            agency.alarms.alarm("place/\(place)", nil)
            agency.log.notice("a folder of ours is back", metadata: ["place": "\(place)"])
        }
    }
}
