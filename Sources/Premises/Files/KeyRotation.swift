internal import Envelope
internal import Exchange
internal import Folders
internal import Foundation
internal import Ledger
internal import Settings
internal import Statements
package import Vocabulary

/// Our keys and our card through time. The identity key never comes here: whoever holds it signs the new card elsewhere.
///
///     prepare ─► ROLE-N.key ─► (identity key: certificate, card) ─► install: ledger ─► ROLE-N.pem ─► in use ─► card.p7s
///                                                                                └─ retired ones out of use
///
/// The ledger decides, files follow: once the card is in the ledger, `settle` finishes whatever a crash left undone.
package struct KeyRotation: Sendable {
    private let premises: InstalledAgency
    private let ledger: any Ledger
    private let turns = OneAtATime()
    /// Takes what lies in keys/ now into use.
    private let reload: @Sendable () throws -> Void

    init(_ premises: InstalledAgency, ledger: any Ledger, reload: @escaping @Sendable () throws -> Void) {
        (self.premises, self.ledger, self.reload) = (premises, ledger, reload)
    }

    private func directory() throws -> KeyDirectory { try KeyDirectory(folder: premises.folders.keys) }

    /// A new key of this role, still without certificate: SubjectPublicKeyInfo, DER. The same again until installed.
    package func prepare(_ role: Role, at now: Instant) async throws -> [UInt8] {
        try await turns.take {
            try await settled(at: now)
            let key = try directory().prepared(role)
            CrashPoint.afterKeyPrepared.pass()
            return key
        }
    }

    /// A new key of this role (SubjectPublicKeyInfo), if one is wished, and our newest card.
    package func prepared(_ role: Role?, at now: Instant) async throws -> [String: JSON] {
        var answer: [String: JSON] = [:]
        if let role { answer["key"] = .string(Data(try await prepare(role, at: now)).base64EncodedString()) }
        answer["card"] = .string(Data(try await card(at: now)).base64EncodedString())
        return answer
    }

    /// Our newest card, as signed.
    package func card(at now: Instant) async throws -> [UInt8] {
        try await turns.take {
            try await settled(at: now)
            return try SignedCard(ours: premises).bytes
        }
    }

    /// Takes a card that our identity has signed into use: its new key, and out of use what it retires.
    /// - Parameter isUrgent: a stolen key is retired even if what it signed is still on its way.
    package func install(
        _ signed: [UInt8], isUrgent: Bool, by account: String, at now: Instant
    ) async throws -> Card {
        try await turns.take {
            try await settled(at: now)
            let former = try SignedCard(ours: premises)
            let partner = try CardReader.verify(signed, pinned: directory().identity.fingerprint, at: now)
            try NextCard.require(partner.card, follows: former.card, signed: former.bytes)
            let change = CardChange(from: former.card, to: partner.card)
            try requireKeys(partner, at: now)
            if !isUrgent { try await requireNothingSigned(by: change.retired) }
            try await record(signed, partner.card, change.facts.merging(["by": .string(account)]) { $1 }, at: now)
            try apply(signed, partner.card)
            return partner.card
        }
    }

    /// Finishes what a crash left, and sees to it that our card stands in the ledger. Called at every start.
    package func settle(at now: Instant) async throws { try await turns.take { try await settled(at: now) } }

    private func settled(at now: Instant) async throws {
        let present = try SignedCard(ours: premises)
        let recorded = try await newestRecorded()
        if let recorded, recorded.card.serial > present.card.serial, try isOurs(recorded) {
            return try apply(recorded.bytes, recorded.card)
        }
        if recorded?.bytes != present.bytes {
            try await record(present.bytes, present.card, ["by": .string("daemon"), "what": .string("found")], at: now)
        }
        try directory().retire(present.card)
        try reload()
    }

    private func isOurs(_ card: SignedCard) throws -> Bool {
        try card.identity.fingerprint == directory().identity.fingerprint && card.card.id == premises.settings.agency
    }

    private func newestRecorded() async throws -> SignedCard? {
        guard let detail = try await ledger.agencyEvents([.cardChanged], of: nil).last?.detail else { return nil }
        return try SignedCard(EventDetail(parsing: detail).statement)
    }

    private func record(_ signed: [UInt8], _ card: Card, _ facts: [String: JSON], at now: Instant) async throws {
        let always: [String: JSON] = [
            "card": .string(SHA256.digest(signed).hex), "serial": .integer(card.serial),
        ]
        try await ledger.append([
            NewEvent(
                at: now, kind: .cardChanged, consignment: nil, partner: nil,
                detail: EventDetail(facts.merging(always) { $1 }, statement: signed))
        ])
        CrashPoint.afterOwnCardRecorded.pass()
    }

    /// Our side is ready before anybody can see the card: what is sealed by it opens, what it retires is no longer used.
    private func apply(_ signed: [UInt8], _ card: Card) throws {
        let directory = try directory()
        guard try directory.adopt(card) else {
            throw Trouble(
                "A key that our newest card names is not in keys/.",
                why: "\(directory.folder) is older than the ledger.",
                fix: "Restore keys/ from your newest backup.")
        }
        CrashPoint.afterCertificateWritten.pass()
        try reload()
        try FileSystem.write(signed, to: premises.cardPath, mode: 0o644)
        CrashPoint.afterOwnCardReplaced.pass()
        try directory.retire(card)
        CrashPoint.afterKeyRetired.pass()
        try reload()
    }

    /// Destroys retired sealing keys whose grace is over. Returns how many.
    package func destroyRetired(at now: Instant) async throws -> Int {
        try await turns.take {
            let oldest = now.adding(seconds: -Int64(premises.settings.keys.sealingGrace.inSeconds))
            let count = try directory().destroyRetired(SignedCard(ours: premises).card, before: oldest)
            if count > 0 { try reload() }
            return count
        }
    }
}

// MARK: - What must hold

extension KeyRotation {
    private func requireKeys(_ ours: Partner, at now: Instant) throws {
        guard !ours.usable(.ledger, at: now).isEmpty else { throw CardProblem.lacks(ours.id, .ledger) }
        let directory = try KeyDirectory(folder: premises.folders.keys)
        let here = try Set(Role.allCases.flatMap { try directory.pairs($0).map(\.certificate.der) })
        for listed in ours.card.certificates where !here.contains(listed.der) {
            let key = try Certificate(der: listed.der).fingerprint
            let prepared = try PublicKey(spki: directory.prepared(listed.role)).fingerprint
            guard prepared == key else {
                throw Malformed("card", "names a \(listed.role.rawValue) key that is not here")
            }
        }
    }

    /// Partners refuse what a retired key signed, also what it signed before: nobody can tell when a thief wrote it.
    private func requireNothingSigned(by retired: Set<Fingerprint>) async throws {
        let count = try await Signatures(ledger).onTheirWay(by: retired)
        guard count == 0 else {
            throw Trouble(
                "\(count) consignments or statements that this key signed are still on their way.",
                why: "Partners refuse what a retired key has signed.",
                fix:
                    "Wait until they have arrived (waybill status). If the key was stolen, retire it at once with --urgent: "
                    + "what it signed then goes to held/, to be dropped again.")
        }
    }
}

/// What a card changes, in words for the ledger.
struct CardChange {
    let retired: Set<Fingerprint>
    let facts: [String: JSON]

    init(from former: Card, to card: Card) {
        let new = card.retired.filter { !former.retired.contains($0) }
        retired = Set(new.filter { $0.role == .signing }.map(\.fingerprint))
        if let first = new.first {
            facts = [
                "because": .string(first.reason), "fingerprint": .string(first.fingerprint.hex),
                "role": .string(first.role.rawValue), "what": .string("retired"),
            ]
        } else if let added = card.certificates.first(where: { !former.certificates.contains($0) }) {
            let fingerprint = (try? Certificate(der: added.der))?.fingerprint.hex ?? ""
            facts = [
                "fingerprint": .string(fingerprint), "role": .string(added.role.rawValue), "what": .string("rotated"),
            ]
        } else {
            facts = ["what": .string("renewed")]
        }
    }
}

/// Which of our keys signed what partners do not have yet.
struct Signatures {
    private let ledger: any Ledger

    init(_ ledger: any Ledger) { self.ledger = ledger }

    func onTheirWay(by keys: Set<Fingerprint>) async throws -> Int {
        guard !keys.isEmpty else { return 0 }
        var (count, last) = (0, ConsignmentKey?.none)
        var filter = LedgerFilter()
        (filter.direction, filter.states) = (.sent, [.signed, .dispatching])
        while true {
            let page = try await ledger.list(filter, after: last, limit: 500)
            for record in page {
                guard let signed = try await ledger.statement(.signed, of: record.key) else { continue }
                if isSigned(signed, by: keys) { count += 1 }
            }
            guard page.count == 500, let end = page.last else { break }
            last = end.key
        }
        for duty in try await ledger.duties(.open(.post), limit: 10_000) {
            for event in try await ledger.events(of: duty.consignment) {
                guard let detail = event.detail, let statement = try? EventDetail(parsing: detail).statement,
                    SHA256.digest(statement).hex == duty.facts["sha256"]
                else { continue }
                if isSigned(statement, by: keys) { count += 1 }
            }
        }
        return count
    }

    private func isSigned(_ statement: [UInt8], by keys: Set<Fingerprint>) -> Bool {
        guard let signer = try? StatementVerifier.uncheckedSigner(ofCard: statement) else { return false }
        return keys.contains(signer.fingerprint)
    }
}
