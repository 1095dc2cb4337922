internal import Folders
internal import Law
internal import Policy
internal import Statements
internal import Vocabulary

/// What lies in an outbox where nothing is sent from: in `outbox/` itself, beside the routes of a partner, in a folder
/// that is no partner's or no route. Blocks.
struct Strays: Sendable {
    /// One folder with things in it that go nowhere.
    struct Place: Sendable {
        /// Below `outbox/`, printable; empty for itself.
        let path: String
        let folder: Folder
        let word: NotSentNotes.Word
        var names: [FileName] = []
        var notes: [FileName] = []
    }

    /// So many names of a folder are told, and so many folders are looked into.
    private static let most = 200
    private let partners: Set<String>
    private let routes: Set<String>
    private(set) var places: [Place] = []

    init(in outbox: Folder, partners: Set<String>, routes: Set<String>) throws {
        (self.partners, self.routes) = (partners, routes)
        let word = NotSentNotes.Word(
            why: "It lies in outbox/ itself, from where nothing is sent", remedy: "put it into outbox/PARTNER/ROUTE")
        try look(into: Place(path: "", folder: outbox, word: word)) { strays, text, folder in
            if partners.contains(text) { return try strays.lookBesideRoutes(text, folder) }
            return try strays.lookIntoUnknown(text, folder, Self.noPartner, deeper: true)
        }
        places = places.filter { !$0.names.isEmpty || !$0.notes.isEmpty }
    }

    private static let noPartner = NotSentNotes.Word(
        why: "Its folder is not that of a partner",
        remedy: "put it into the folder of a partner, or have the partner added (waybill partner list)")
    private static let noRoute = NotSentNotes.Word(
        why: "Its folder is not one of the routes", remedy: "put it into one of the routes beside that folder")

    private mutating func lookBesideRoutes(_ partner: String, _ folder: Folder) throws -> Bool {
        let word = NotSentNotes.Word(
            why: "It lies beside the routes, from where nothing is sent", remedy: "put it into one of the routes here")
        try look(into: Place(path: partner, folder: folder, word: word)) { strays, text, folder in
            if strays.routes.contains(text) { return true }
            return try strays.lookIntoUnknown("\(partner)/\(text)", folder, Self.noRoute, deeper: false)
        }
        return true
    }

    /// A folder that should not be there: what is in it is told, and folders below it as what they are.
    private mutating func lookIntoUnknown(
        _ path: String, _ folder: Folder, _ word: NotSentNotes.Word, deeper: Bool
    ) throws -> Bool {
        try look(into: Place(path: path, folder: folder, word: word)) { strays, text, folder in
            guard deeper else { return false }
            return try strays.lookIntoUnknown("\(path)/\(text)", folder, word, deeper: false)
        }
        return true
    }

    /// - Parameter inside: looks into a folder in it; false if the folder itself is the stray.
    private mutating func look(
        into place: Place, inside: (inout Strays, String, Folder) throws -> Bool
    ) throws {
        var place = place
        guard places.count < Self.most else { return }
        for name in try place.folder.entries().sorted().prefix(Self.most) {
            if OurNote.isOne(name, in: place.folder) {
                place.notes.append(name)
            } else if !DropName.isIgnored(name), !(try isFolder(name, place, inside)) {
                place.names.append(name)
            }
        }
        places.append(place)
    }

    private mutating func isFolder(
        _ name: FileName, _ place: Place, _ inside: (inout Strays, String, Folder) throws -> Bool
    ) throws -> Bool {
        guard try place.folder.lookup(name)?.kind == .folder else { return false }
        // One that we may not enter is a stray itself.
        guard let folder = try? place.folder.subfolder(name) else { return false }
        return try inside(&self, DropCheck.printable(name), folder)
    }
}

extension Outbox {
    /// Once in a while: what lies beside the routes.
    func lookForStrays() async {
        let now = BootClock.now()
        guard now - (straysAt ?? .min / 2) >= Int64(min(20, agency.rules.settle * 4) * 1e9) else { return }
        straysAt = now
        let partners = Set(agency.partners.all.map(\.id.text))
        let routes = Set(agency.law.routes.map(\.name.text))
        let path = agency.layout.outbox
        let look = try? await Blocking.run { try Strays(in: Folder(path), partners: partners, routes: routes) }
        if let look { await noteStrays(look.places) }
    }

    /// A file is told at the second look: at the first it may still be on its way through.
    private func noteStrays(_ places: [Strays.Place]) async {
        let old = strays
        strays = Dictionary(places.map { ($0.path, Set($0.names)) }, uniquingKeysWith: { $1 })
        for gone in Set(old.keys).subtracting(strays.keys) { agency.alarms.setTroubles([], in: gone) }
        let notSent = parts.notSent
        for place in places {
            let troubles = place.names.map { name in
                Alarms.Trouble(
                    folder: place.path, name: DropCheck.printable(name), why: "\(place.word.why): \(place.word.remedy)."
                )
            }
            agency.alarms.setTroubles(troubles, in: place.path)
            let known = old[place.path] ?? []
            let words = Dictionary(place.names.filter(known.contains).map { ($0, place.word) }) { $1 }
            _ = try? await Blocking.run {
                notSent.found(
                    words, young: Set(place.names), notes: place.notes, in: place.folder, of: "outbox/" + place.path)
            }
        }
    }
}
