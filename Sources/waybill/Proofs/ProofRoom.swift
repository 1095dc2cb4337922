internal import Envelope
internal import Exchange
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

/// Makes proofs of deliveries from this installation's ledger, keys and cards.
struct ProofRoom {
    let desk: LedgerDesk
    let writer: ProofWriter
    let us: Card
    private let premises: Premises
    private let home: ProofHome
    private let keys: KeyCupboard

    init(_ premises: Premises) throws {
        self.premises = premises
        keys = try KeyCupboard(folder: premises.folders.keys)
        desk = try LedgerDesk(premises, signer: try keys.ledgerKey())
        let ours = try OurCard(premises)
        us = ours.card
        home = ProofHome(
            card: ours.bytes, authority: try StampsAtHand.authority(premises), stamps: StampsAtHand.check)
        let law = ProofLaw(try? LawShelf.catalogue(premises.folders))
        writer = ProofWriter(signer: try keys.signer(), law: law, stamps: StampsAtHand.check)
    }

    var cardAsSigned: [UInt8] { home.card }

    /// Signs the list of a set.
    func sign(_ seal: [UInt8], at now: Instant) throws -> [UInt8] { try keys.signer().sign(seal, at: now) }

    func make(_ record: ConsignmentRecord, at now: Instant) async throws -> ProofMade {
        if let reason = Self.objection(record) { throw reason }
        if let reason = Self.objection(try await desk.reader.events(of: record.key), record) { throw reason }
        var home = home
        home.theirs = try? FileSystem.read("\(premises.folders.partners)/\(record.key.partner).card")
        return try writer.make(try await ProofContents.gather(record.key, from: desk.reader, home), at: now)
    }

    /// What was signed goes with the reference of a person that is taken out of a record.
    private static func objection(_ events: [StoredEvent], _ record: ConsignmentRecord) -> Trouble? {
        let isGone = events.contains {
            $0.detail == nil && [.signed, .publishing, .sentBefore, .receivedBefore].contains($0.leaf.kind)
        }
        guard isGone, let taken = events.last(where: { $0.leaf.kind == .erased }) else { return nil }
        return Trouble(
            "The signed waybill of \(record.key.id) was erased on \(taken.leaf.at.londonDate).",
            why: "A person's reference was taken out of this record, and it stood in what was signed.",
            fix: "Use a proof that was made before: it verifies as it did. The entries still stand: "
                + "waybill ledger show \(Words.short(record.key.id))")
    }

    /// Why there is no proof of it, before anything is read.
    static func objection(_ record: ConsignmentRecord) -> Trouble? {
        if let erased = record.erasedAt {
            return Trouble(
                "The details of \(record.key.id) were erased on \(erased.londonDate).",
                why: "A proof shows the signed statements, and they went with the details.",
                fix: "Use a proof that was made before: it verifies as it did. The entries still stand: "
                    + "waybill ledger show \(Words.short(record.key.id))")
        }
        // Whoever refused does not keep the waybill that it refused.
        if record.key.direction == .received, record.state == .refused {
            return Trouble(
                "We refused \(record.key.id) and have no proof of it.",
                why: "Only its sender keeps the waybill and our refusal.",
                fix: "Ask \(record.key.partner) to prove it.")
        }
        // What was recalled afterwards was delivered all the same.
        if record.receiptSHA256 != nil || record.state == .refused { return nil }
        return Trouble(
            "There is nothing to prove yet.",
            why: "\(record.key.id) is \(record.state.rawValue): nobody has signed for it.",
            fix: "See: waybill ledger show \(record.key.id)")
    }
}
