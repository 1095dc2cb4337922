internal import Envelope
internal import Folders
package import Ledger
internal import Vocabulary

/// A receipt that is signed and in the ledger, verbatim: now it may be sent, and these bytes for ever.
struct SignedReceipt: Sendable {
    let bytes: [UInt8]

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }
}

/// Is told of every file that was published and receipted, because somebody is to collect it. A call and no signal: those may
/// be lost.
package protocol PublishedFiles: Sendable {
    /// - Parameter collection: the duty that stands in the ledger by now.
    func published(_ record: ConsignmentRecord, _ collection: Duty)
}

/// Signs and records what we say about arrivals.
struct ReceiptWriter: Sendable {
    let agency: Agency
    let files: any PublishedFiles

    /// One checkpoint and one commit for all that were published.
    /// - Returns: one for each, in their order; what failed before stays what it is.
    func write(_ published: [Result<PublishedFile, any Error>]) async -> [Result<SignedReceipt, any Error>] {
        let now = agency.clock.now()
        let made: [Result<Made, any Error>]
        do {
            let checkpoint = try await agency.ledger.checkpoint()
            made = await published.then { all in
                // One by itself hands nothing over; many shall keep nobody waiting.
                if let one = all.first, all.count == 1 { return [Result { try make(one, checkpoint, at: now) }] }
                return await Blocking.each(all) { file in try make(file, checkpoint, at: now) }
            }
        } catch {
            return published.map { $0.flatMap { _ in .failure(error) } }
        }
        guard made.contains(where: \.isSuccess) else { return made.map { $0.map { SignedReceipt(bytes: $0.signed) } } }
        CrashPoint.beforeReceivedCommit.pass()
        let kept = await agency.append(each: made.map { $0.map(\.events) })
        if kept.contains(where: \.isSuccess) { CrashPoint.afterReceivedCommit.pass() }
        for case (.success(let made), .success) in zip(made, kept) { files.published(made.record, made.collection) }
        agency.signals.send(.published)
        return zip(made, kept).map { made, kept in kept.flatMap { made.map { SignedReceipt(bytes: $0.signed) } } }
    }

    /// What is about to be kept.
    private struct Made {
        let record: ConsignmentRecord
        let signed: [UInt8]
        let collection: Duty
        let events: [NewEvent]
    }

    private func make(_ published: PublishedFile, _ checkpoint: String, at now: Instant) throws -> Made {
        let receipt = Receipt(
            consignment: published.waybill.id, waybill: published.digest, parties: published.waybill.parties,
            sha256: published.waybill.file.sha256, size: published.waybill.file.size, receivedAt: published.at,
            signedAt: now, checkpoint: checkpoint)
        let signed = try agency.us.signer.sign(receipt.encoded, at: now)
        let (collection, record) = (collection(of: published), published.record)
        let received = Arrived.received(
            record, receipt, signed: signed, more: (["regime": .string(record.regime)], [collection]), at: now)
        let notices = NoticesAtReceipt(agency: agency).event(
            for: published.waybill, regime: record.regime, received: published.at, at: now)
        return Made(
            record: record, signed: signed, collection: collection, events: [received] + (notices.map { [$0] } ?? []))
    }

    /// Rides in the receipt's own event: one more for each delivery would cost more than it says, and an outsider who is
    /// shown the receipt learns from it only by when we meant to look.
    private func collection(of published: PublishedFile) -> Duty {
        let isEmergency = published.waybill.label.emergency != nil
        let within = isEmergency ? agency.rules.collectEmergency : agency.rules.collectWithin
        return Duty(
            .collection, id: .make(at: published.at), about: published.record.key, openedAt: published.at,
            due: published.at.adding(seconds: Int64(within.rounded(.up))))
    }

    /// A refusal, final, signed and recorded. A conflict leaves the row of the first waybill as it is.
    func refuse(
        _ opened: OpenedWaybill, from partner: AgencyID, _ reason: Refusal.Reason, _ explanation: String
    ) async throws -> [UInt8] {
        let now = agency.clock.now()
        let waybill = opened.waybill
        let refusal = Refusal(
            consignment: waybill.id, waybill: opened.digest, parties: parties(of: waybill), reason: reason,
            explanation: String(explanation.prefix(600)), signedAt: now)
        let signed = try agency.us.signer.sign(refusal.encoded, at: now)
        let event =
            reason == .conflict
            ? incident(opened, partner, signed, at: now)
            : declined(opened, partner, refusal, signed, at: now)
        try await agency.ledger.append([event])
        return signed
    }

    /// Ours stand for `to` even where the waybill names another recipient: the reader requires the issuer's identity.
    private func parties(of waybill: Waybill) -> Parties {
        Parties(
            from: waybill.parties.from, to: agency.us.id, fromIdentity: waybill.parties.fromIdentity,
            toIdentity: agency.us.fingerprint)
    }

    private func declined(
        _ opened: OpenedWaybill, _ partner: AgencyID, _ refusal: Refusal, _ signed: [UInt8], at now: Instant
    ) -> NewEvent {
        let waybill = opened.waybill
        var record = ConsignmentRecord(
            key: ConsignmentKey(.received, partner, waybill.id), state: .refused, route: waybill.label.route,
            name: waybill.file.name, size: waybill.file.size, sha256: waybill.file.sha256, waybill: opened.digest,
            claimedAt: now, sentAt: waybill.signedAt)
        record.apply(waybill.label)
        return Arrived.declined(
            record, refusal, signed: signed, more: ["waybill": .string(opened.digest.hex)], at: now)
    }

    private func incident(_ opened: OpenedWaybill, _ partner: AgencyID, _ signed: [UInt8], at now: Instant) -> NewEvent
    {
        let detail = EventDetail(
            [
                "consignment": .string(opened.waybill.id.text), "waybill": .string(opened.digest.hex),
                "what": .string("The same consignment id came again with another waybill."),
            ], statement: signed)
        return NewEvent(at: now, kind: .incident, consignment: nil, partner: partner, detail: detail)
    }
}
