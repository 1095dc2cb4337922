internal import Envelope
internal import Exchange
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
    private let sqlite: SQLiteLedger

    package init(_ premises: Premises) throws {
        let keys = try KeyCupboard(folder: premises.folders.keys)
        sqlite = try Wiring.openSQLite(premises, keys)
        ledger = sqlite
        eraser = EraseDesk(sqlite, premises.folders)
        self.keys = KeyOffice(premises, ledger: sqlite)
        let shelf = PartnerShelf(folder: premises.folders.partners)
        partners = PartnerOffice(
            us: premises.settings.agency, ourIdentity: keys.identity.fingerprint, shelf: shelf, ledger: sqlite,
            book: PartnerBook(shelf.load().partners, now: { WallClock.now() }))
    }

    package func close() async throws { try await sqlite.close() }
}
