package import Folders
package import Vocabulary

/// What the ledger remembers of our places, in one fact, so that it changes as a whole:
///
///     {"inbox":{"at":"2026-11-30T02:00:00.000Z","by":"init","mark":"0123..."},"inbox/tewv":{...},...}
package struct KnownPlaces: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let mark: PlaceMark
        /// Who said that it is the one: `init`, `start` or `person:ACCOUNT`.
        package let by: String
        package let at: Instant

        package init(mark: PlaceMark, by: String, at: Instant) {
            self.mark = mark
            self.by = by
            self.at = at
        }
    }

    /// The name of the fact (`Ledger.remember`).
    package static let fact = "places"

    package var entries: [String: Entry]

    package init(_ entries: [String: Entry] = [:]) { self.entries = entries }

    package init(parsing text: String) throws(Malformed) {
        guard case .object(let members) = try JSON(kept: Array(text.utf8)) else {
            throw Malformed("places", "must be an object")
        }
        entries = [:]
        for (place, json) in members {
            var m = try JSONMembers(json, of: "places")
            guard let mark = PlaceMark(try m.string("mark")) else { throw Malformed("places", "not a mark") }
            entries[place] = Entry(mark: mark, by: try m.string("by"), at: try m.instant("at"))
            try m.end()
        }
    }

    package var text: String {
        JSON.object(
            entries.mapValues {
                .object(["at": .string($0.at.description), "by": .string($0.by), "mark": .string($0.mark.hex)])
            }
        ).text
    }
}
