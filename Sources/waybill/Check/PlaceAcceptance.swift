internal import Exchange
internal import Premises
internal import Vocabulary

/// `waybill check --accept FOLDER`: a disk, share or folder that was exchanged on purpose becomes the one that the ledger
/// knows.
struct PlaceAcceptance {
    let premises: InstalledAgency

    func accept(_ folder: String) async throws {
        let path = InstalledAgency.absolute(folder)
        Terminal.complain(Terminal.clean(try await ask(path, isSure: false)))
        _ = try await ask(path, isSure: true)
        Terminal.complain("Done. What stood still goes on by itself: waybill status")
    }

    private func ask(_ path: String, isSure: Bool) async throws -> String {
        let answer = try await Officer(premises).ask(.acceptPlace(folder: path, sure: isSure)) { agency, account, now in
            try await agency.openPlaces()
            let place = try PlaceWish.place(at: path, agency.agency.layout.places)
            let words = try await agency.places.preview(place)
            if isSure { try await agency.places.accept(place, by: account, at: now) }
            return ["words": .string(words)]
        }
        return answer["words"]?.string ?? ""
    }
}
