internal import Envelope
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Proofs
internal import Settings
internal import Statements
internal import Vocabulary

/// This installation's ledger, and what makes proofs from it.
struct ProofSources {
    let ledger: LedgerAtHand
    let maker: ProofMaker

    init(_ premises: InstalledAgency) throws {
        let keys = try KeyDirectory(folder: premises.folders.keys)
        ledger = try LedgerAtHand(premises, signer: try keys.ledgerKey())
        let ours = try SignedCard(ours: premises)
        let home = ProofHome(
            card: ours.bytes, authority: try Self.authority(premises), stamps: StampsAtHand.check)
        let law = ProofLaw(try? LawFiles.catalogue(premises.folders))
        let writer = ProofWriter(signer: try keys.signer(), law: law, stamps: StampsAtHand.check)
        let partners = premises.folders.partners
        maker = ProofMaker(ours.card, ledger: ledger.reader, writer: writer, home: home) { partner in
            try? FileSystem.read("\(partners)/\(partner).card")
        }
    }

    /// The certificates that tokens lead to; nil: no authority is configured and no token goes into proofs.
    private static func authority(_ premises: InstalledAgency) throws -> [UInt8]? {
        try premises.settings.timestamps.map { try FileSystem.read($0.certificate, atMost: TimeAuthorities.limit) }
    }
}
