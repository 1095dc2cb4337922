import Envelope
import Exchange
import ExchangeTesting
import Foundation
import Synchronization
import Transport
import Vocabulary

/// A courier that does as a test says, or else carries honestly.
final class ScriptedCourier: Courier {
    typealias Script = @Sendable (any Parcel) async throws -> CarryAnswer
    private struct State {
        var script: Script?
        var calls = 0
        var posted = 0
        var troubles: [TryLater] = []
        var batches: [Int] = []
        var leftOut = 0
    }
    let batch: BatchBounds
    private let honest: FakeCourier<Arrivals>
    private let state = Mutex(State())

    init(_ honest: FakeCourier<Arrivals>, batch: BatchBounds) { (self.honest, self.batch) = (honest, batch) }

    func script(_ script: Script?) { state.withLock { $0.script = script } }
    var calls: Int { state.withLock { $0.calls } }
    /// How many came together, each time.
    var batches: [Int] { state.withLock { $0.batches } }
    /// What the next statements that are handed over are answered with, before honesty.
    func refuseStatements(_ troubles: [TryLater]) { state.withLock { $0.troubles = troubles } }
    var posted: Int { state.withLock { $0.posted } }

    /// The next batch of several has so many ends too few, though they were carried.
    func leaveOut(_ count: Int) { state.withLock { $0.leftOut = count } }

    func carry(_ batch: [Outgoing]) async -> [CarryEnd] {
        state.withLock { $0.batches.append(batch.count) }
        var ends: [CarryEnd] = []
        for one in batch { ends.append(await CarryEnd { try await attempt(one.parcel, from: one.from) }) }
        if batch.count > 1 { ends.removeLast(takeLeftOut()) }
        return ends
    }

    private func takeLeftOut() -> Int {
        state.withLock { state in
            defer { state.leftOut = 0 }
            return state.leftOut
        }
    }

    private func attempt(_ parcel: any Parcel, from part: Int) async throws -> CarryAnswer {
        let script = state.withLock { state in
            state.calls += 1
            return state.script
        }
        if let script { return try await script(parcel) }
        return try await honest.carry(parcel, from: part)
    }

    func carryHonestly(_ parcel: any Parcel) async throws -> CarryAnswer { try await honest.carry(parcel, from: 1) }

    func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] {
        state.withLock { $0.script != nil } ? ids.map { _ in .unknown } : await honest.enquire(ids)
    }

    func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? {
        let trouble = state.withLock { state in
            state.posted += 1
            return state.troubles.isEmpty ? nil : state.troubles.removeFirst()
        }
        if let trouble { return trouble }
        return await honest.post(statement: statement, about: id)
    }

    func fetchCard() async throws(TryLater) -> [UInt8] { try await honest.fetchCard() }
    func settled(_ ids: [ConsignmentID]) async {}
    func shutdown() async {}
}

/// Receipts that are none.
enum Lie: String, CaseIterable, Sendable {
    case garbage, foreignKey, otherDigest, otherConsignment, otherParties, damaged, refusalByStranger, twoDates
    case strangeText, refusalOfStrangeText

    func answer(to parcel: any Parcel, by police: TestAgency) throws -> CarryAnswer {
        guard let mine = parcel as? Consignment else { return .receipt([]) }
        let waybill = mine.waybill.waybill
        let parties = waybill.parties
        let swapped = Parties(
            from: parties.to, to: parties.to, fromIdentity: parties.fromIdentity, toIdentity: parties.toIdentity)
        let receipt = Receipt(
            consignment: self == .otherConsignment ? .make(at: waybill.signedAt) : waybill.id,
            waybill: mine.waybill.digest, parties: self == .otherParties ? swapped : parties,
            sha256: self == .otherDigest ? SHA256.digest([9]) : waybill.file.sha256, size: waybill.file.size,
            receivedAt: waybill.signedAt, signedAt: waybill.signedAt,
            checkpoint: self == .strangeText ? "a\u{0}b" : "")
        let keys =
            self == .foreignKey || self == .refusalByStranger
            ? try KeyRing.generate(agency: police.id, now: waybill.signedAt) : police.keys
        let signer = try StatementSigner(key: keys.signing.key(), certificate: keys.signing.certificate)
        let moment = self == .twoDates ? waybill.signedAt.adding(seconds: 60) : waybill.signedAt
        var signed = try signer.sign(receipt.encoded, at: moment)
        switch self {
        case .garbage: return .receipt([1, 2, 3])
        case .damaged: signed[signed.count - 1] ^= 1
        case .refusalByStranger: return .refusal(signed)
        case .refusalOfStrangeText:
            let refusal = Refusal(
                consignment: waybill.id, waybill: mine.waybill.digest, parties: parties, reason: .policy,
                explanation: "a\u{0}b", signedAt: moment)
            return .refusal(try signer.sign(refusal.encoded, at: moment))
        default: break
        }
        return .receipt(signed)
    }
}
