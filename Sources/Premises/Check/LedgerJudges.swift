internal import Envelope
internal import Exchange
internal import Ledger
internal import LedgerSQLite
internal import Settings
internal import Statements
internal import Synchronization
internal import Vocabulary
internal import Witness

/// Who judges what a ledger check finds signed: the keys of all cards, today's and those that the ledger remembers.
struct LedgerJudges: Sendable {
    let statements: StatementJudge
    let all: CheckJudges
    /// Every key and pin that they judge by. A check during which these change has judged by yesterday's: it is made again.
    let keys: Set<[UInt8]>

    init(_ ours: SignedCard, _ premises: InstalledAgency, _ reader: LedgerReader) async throws {
        let known = try PartnerFiles(folder: premises.folders.partners).load().partners
        let statements = StatementJudge(ours, known)
        self.statements = statements
        let keys = try await Keyring(ours, known, reader)
        self.keys = keys.all.union(known.map(\.fingerprint.bytes)).union([ours.identity.fingerprint.bytes])
        var judges = CheckJudges()
        judges.statement = { statements.judge($0, $1, $2) }
        judges.ourKeys = keys.ours
        judges.countersigner = { note, partner throws(Malformed) in try keys.seen(note, by: partner) }
        judges.witnessed = { note, partner in
            do throws(Malformed) {
                try keys.requireLog(note, of: partner)
                return nil
            } catch { return error.description }
        }
        if let trusted = try TimeAuthoritySettings(premises).trusted() {
            let judge = TimeJudge(trusted)
            judges.token = { judge.trouble($0) }
        }
        all = judges
    }
}

/// Ledger keys of ours and of every partner, with the identities that issued them.
private struct Keyring: Sendable {
    private struct Theirs: Sendable {
        var identities: Set<Fingerprint> = []
        var keys: [[UInt8]] = []
    }

    let ours: [[UInt8]]
    private let partners: [AgencyID: Theirs]
    private let crypto = OpenSSLLedgerCrypto()

    init(_ ours: SignedCard, _ known: [Partner], _ reader: LedgerReader) async throws {
        let older = try await reader.agencyEvents([.cardChanged], of: nil).statements([.cardChanged])
        self.ours = Self.keys(of: ours) + older.flatMap { (try? SignedCard($0.bytes)).map(Self.keys) ?? [] }
        var partners: [AgencyID: Theirs] = [:]
        let words =
            try await reader.countersigned(covering: 0, limit: 1_000_000).map(\.partner)
            + reader.witnessed().map(\.partner)
        for id in Set(words).union(known.map(\.id)) {
            let told = try await reader.agencyEvents([.partnerAdded, .cardChanged], of: id)
                .statements([.partnerAdded, .cardChanged])
            // Of whichever identity: that one the ledger's check judges.
            for card in told.compactMap({ try? SignedCard($0.bytes) }) {
                partners[id, default: Theirs()].identities.insert(card.identity.fingerprint)
                partners[id, default: Theirs()].keys += Self.keys(of: card)
            }
        }
        for partner in known {
            partners[partner.id, default: Theirs()].identities.insert(partner.fingerprint)
            partners[partner.id, default: Theirs()].keys += partner.listed(.ledger).compactMap(\.ed25519PublicKey)
        }
        self.partners = partners
    }

    var all: Set<[UInt8]> {
        partners.values.reduce(into: Set(ours)) { all, theirs in
            all.formUnion(theirs.keys)
            all.formUnion(theirs.identities.map(\.bytes))
        }
    }

    /// Ed25519, 32 bytes each.
    private static func keys(of card: SignedCard) -> [[UInt8]] {
        card.ledgerCertificates.compactMap(\.ed25519PublicKey)
    }

    /// The partner's countersignature by any ledger key that it has had.
    func seen(_ note: SignedNote, by partner: AgencyID) throws(Malformed) -> Instant {
        let theirs = partners[partner] ?? Theirs()
        for identity in theirs.identities {
            for key in theirs.keys {
                let named = try NoteKey(
                    name: LedgerOrigin.witness(partner, identity), publicKey: key, crypto, kind: .cosignature)
                if let at = try note.seen(by: named, crypto) { return at }
            }
        }
        throw Malformed("signed note", "carries no countersignature by a ledger key of \(partner)")
    }

    func requireLog(_ note: SignedNote, of partner: AgencyID) throws(Malformed) {
        let (theirs, origin) = (partners[partner] ?? Theirs(), try Checkpoint(body: note.body).origin)
        let names = theirs.identities.map { LedgerOrigin.witness(partner, $0) + "/" }
        for key in theirs.keys where names.contains(where: origin.hasPrefix) {
            let named = try NoteKey(name: origin, publicKey: key, crypto)
            if note.signatures.contains(where: { $0.name == origin && $0.keyID == named.id }) {
                return try note.verify(by: named, crypto)
            }
        }
        throw Malformed("signed note", "carries no signature by a ledger key of \(partner)")
    }
}
