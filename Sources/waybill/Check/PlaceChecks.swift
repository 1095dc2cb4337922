internal import Exchange
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings
internal import Vocabulary

/// Each place: marked, as the ledger knows it, and on which file system.
struct PlaceChecks {
    private let premises: InstalledAgency

    init(_ premises: InstalledAgency) { self.premises = premises }

    func lines() async -> [CheckLine] {
        guard FileSystem.exists(premises.folders.ledger) else {
            return [.ok("places", "are remembered by the first start")]
        }
        do {
            guard let text = try await LedgerAtHand(premises).reader.remembered(KnownPlaces.fact) else {
                return [
                    .warning("places", "the ledger knows none yet", fix: "Start waybilld, with every disk mounted.")
                ]
            }
            return lines(of: try KnownPlaces(parsing: text))
        } catch {
            return [
                .failed("places", Explained.words(of: error), fix: "Run it as an account that may read the ledger.")
            ]
        }
    }

    private func lines(of known: KnownPlaces) -> [CheckLine] {
        let places = Places(premises.folders.roots)
        places.open(known)
        let missing = Dictionary(places.missing.map { ($0.place, $0) }) { first, _ in first }
        return Set(known.entries.keys).union(missing.keys).sorted().map { place in
            let what = "place \(place)"
            if let missing = missing[place] {
                return .failed(
                    what, "\(missing)", fix: "Mount it, or waybill check --accept \(missing.path)")
            }
            let entry = known.entries[place]
            let since = entry.map { "since \($0.at.date), by \($0.by)" } ?? ""
            return .ok(what, "marked as the ledger knows it \(since); \(places.fileSystem(of: place))")
        }
    }
}
