internal import Envelope
package import Exchange
internal import Folders
package import Ledger
internal import LedgerSQLite
internal import Settings
internal import Vocabulary

/// An installation whose daemon is down, opened for one command that changes something. The caller holds the lock.
package struct Backroom: Sendable {
    package let partners: PartnerOffice
    package let ledger: any Ledger
    package let eraser: EraseDesk
    package let keys: KeyOffice
    package let guarded: Places
    package let places: PlaceRecords
    private let sqlite: SQLiteLedger

    package init(_ premises: Premises) throws {
        let keys = try KeyCupboard(folder: premises.folders.keys)
        sqlite = try Wiring.openSQLite(premises, keys)
        if let doubt = sqlite.doubt {
            sqlite.abandon()
            throw Trouble(
                "The ledger must be checked first.", why: doubt,
                fix: "Start waybilld: it reads the ledger from its disk and checks it before anything else.")
        }
        ledger = sqlite
        guarded = Places(premises.folders.roots)
        places = PlaceRecords(sqlite, guarded, root: premises.folders.root)
        eraser = EraseDesk(sqlite, premises.folders, guarded, officers: premises.settings.groups.officers)
        self.keys = KeyOffice(premises, ledger: sqlite)
        let shelf = PartnerShelf(folder: premises.folders.partners)
        partners = PartnerOffice(
            us: premises.settings.agency, ourIdentity: keys.identity.fingerprint, shelf: shelf, ledger: sqlite,
            book: PartnerBook(try shelf.load().partners, now: { WallClock.now() }),
            catalogue: { [folders = premises.folders] in try? LawShelf.catalogue(folders) })
    }

    package func close() async throws { try await sqlite.close() }
}
