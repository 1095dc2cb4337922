import Envelope
import Exchange
import ExchangeTesting
import Foundation
import Ledger
import Testing
import Transport
import Vocabulary
import Witness

/// Two agencies with ledger keys that witness each other, without roads: the desks are asked directly.
struct WitnessScene {
    let clock = Clock()
    let stockton: TestAgency
    let police: TestAgency
    /// The ledger of stockton, signed with the key on its card.
    let ledger: InMemoryLedger
    let house: House
    let policeHouse: House
    let desk: Arrivals

    /// - Parameter theirs: the clock of the police, if it is another.
    init(_ root: String, rules: HouseRules = HouseRules(), theirs: Clock? = nil) throws {
        stockton = try TestAgency("stockton", root: root)
        police = try TestAgency("cleveland-police", root: root)
        ledger = try stockton.witnessedLedger()
        house = try stockton.house(
            knowing: [try police.asPartner(at: clock.now)], at: clock, rules: rules, on: ledger)
        let theirs = theirs ?? clock
        policeHouse = try police.house(
            knowing: [try stockton.asPartner(at: theirs.now)], at: theirs, rules: rules, on: police.witnessedLedger())
        desk = policeHouse.desk()
    }

    var agency: Agency { house.agency }
    var policeAgency: Agency { policeHouse.agency }
    var rollback: RollbackState { house.rollback }

    /// Of stockton's start, on roads that lead straight to the desk of the police unless others are given.
    func probe(_ rollback: RollbackState? = nil, asking couriers: CourierSource? = nil) -> RollbackProbe {
        let road = FakeCourier(from: stockton.id, to: desk)
        return RollbackProbe(
            agency: agency, rollback: rollback ?? self.rollback, noteKeys: stockton.noteKeys,
            couriers: couriers ?? { _ in road })
    }

    /// A checkpoint of `size` events of stockton's ledger, or of one like it that says something else from `fork` on.
    func request(_ size: Int, from old: Int, fork: Int? = nil, by agency: TestAgency? = nil) async throws -> [UInt8] {
        let ledger = try (agency ?? stockton).witnessedLedger()
        try await ledger.fill(size, fork: fork)
        return try await WitnessRequest(
            old: Int64(old),
            proof: old > 0 && old <= size ? ledger.consistencyProof(from: Int64(old), to: Int64(size)) : [],
            checkpoint: SignedNote(parsing: Array(ledger.checkpoint().utf8))
        ).bytes
    }

    func ask(_ size: Int, from old: Int, fork: Int? = nil) async throws -> WitnessAnswer? {
        await desk.addCheckpoint(try await request(size, from: old, fork: fork), from: stockton.id)
    }

    var incidents: [[String: String]] {
        get async throws {
            try await policeAgency.ledger.agencyEvents([.incident], of: stockton.id).map { event in
                guard let detail = event.detail, case .object(let facts) = try EventDetail(parsing: detail).facts else {
                    return [:]
                }
                return facts.compactMapValues { if case .string(let text) = $0 { text } else { nil } }
            }
        }
    }
}

extension WitnessAnswer? {
    var isCountersigned: Bool { if case .countersigned? = self { true } else { false } }
}

extension TestAgency {
    /// Always the same origin; nothing else in it is random but the salts.
    func witnessedLedger() throws -> InMemoryLedger {
        let origin = try LedgerOrigin(
            agency: id, identity: keys.identity.certificate.fingerprint, ledger: "3f2b8c1e-0000-4000-8000-000000000000")
        return InMemoryLedger(origin: origin, crypto: FixedCrypto(), signer: try ledgerSigner())
    }

    func ledgerSigner() throws -> PairSigner { PairSigner(pair: keys.ledger) }
}

extension InMemoryLedger {
    /// Events up to `size`, the same each time; from the index `fork` on, others.
    func fill(_ size: Int, fork: Int? = nil) async throws {
        for index in testOnlyEvents.count..<size {
            let what = index >= fork ?? .max ? "other" : "same"
            try await append([
                NewEvent(
                    at: Clock.start, kind: .opened, consignment: nil, partner: nil,
                    detail: EventDetail(["what": .string("\(what) \(index)")]))
            ])
        }
    }
}

/// OpenSSL, but with a salt that does not change, so that two ledgers of the same events are the same.
struct FixedCrypto: LedgerCrypto {
    private let real = TestCrypto()
    func sha256(_ bytes: [UInt8]) -> Digest { real.sha256(bytes) }
    func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest { real.hmac(key: key, bytes) }
    func salt() -> [UInt8] { Array(repeating: 7, count: 32) }
    func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        real.verify(signature, over: message, by: publicKey)
    }
}

/// Signs with the ledger key of a ring.
final class PairSigner: CheckpointSigner {
    private let pair: KeyRing.Pair
    let publicKey: [UInt8]

    init(pair: KeyRing.Pair) {
        self.pair = pair
        publicKey = pair.certificate.ed25519PublicKey ?? []
    }

    func sign(_ message: [UInt8]) throws -> [UInt8] { try pair.key().sign(message) }
}
