internal import Envelope
internal import Folders
internal import Ledger
internal import Policy
internal import Statements
package import Vocabulary

/// A waybill that is signed and in the ledger: from here on every attempt sends these very bytes.
package struct SignedWaybill: Sendable {
    package let weighed: WeighedFile
    package let waybill: Waybill
    /// SHA-256 of the waybill JSON.
    package let digest: Digest
    /// SignedData, verbatim.
    package let signed: [UInt8]

    package var id: ConsignmentID { waybill.id }
    package var partner: AgencyID { waybill.parties.to }
    /// What an answer to it must say.
    package var facts: SentFacts { SentFacts(waybill, digest: digest) }
    package var isEmergency: Bool { waybill.label.emergency != nil }

    fileprivate init(weighed: WeighedFile, waybill: Waybill, digest: Digest, signed: [UInt8]) {
        self.weighed = weighed
        self.waybill = waybill
        self.digest = digest
        self.signed = signed
    }

    /// After a restart: the bytes come from the ledger, the file was weighed anew and must still be the one signed for.
    static func resume(_ weighed: WeighedFile, signed: [UInt8], identity: Certificate) throws -> SignedWaybill {
        // Also with a key that was retired since: what becomes of it then is the dispatcher's to say.
        let verified = try Author(identity, .count).verify(signed, as: Waybill.self, .kept)
        let waybill = verified.statement
        guard waybill.file.sha256 == weighed.sha256, waybill.file.size == weighed.size else { throw ChangedFile() }
        return SignedWaybill(
            weighed: weighed, waybill: waybill, digest: verified.digest, signed: signed)
    }
}

/// A labelled file that goes, and what is committed together with its signature.
struct Unsigned: Sendable {
    let labelled: LabelledFile
    let partner: Partner
    /// The events that lead here.
    let first: [NewEvent]
    /// The reason of a person who released it.
    let because: String?

    init(_ labelled: LabelledFile, to partner: Partner, after first: [NewEvent] = [], because: String? = nil) {
        (self.labelled, self.partner, self.first, self.because) = (labelled, partner, first, because)
    }
}

/// Signs waybills once and commits them before a byte leaves.
struct Signer: Sendable {
    let agency: Agency

    func sign(_ unsigned: Unsigned) async throws -> SignedWaybill {
        guard let signed = await sign([unsigned]).first else { throw CancellationError() }
        return try signed.get()
    }

    /// One commit for all of them, each whole or not at all.
    func sign(_ batch: [Unsigned]) async -> [Result<SignedWaybill, any Error>] {
        var made: [Result<Made, any Error>] = []
        for one in batch { made.append(await make(one)) }
        CrashPoint.beforeSignedCommit.pass()
        let kept = await agency.append(each: made.map { $0.map(\.events) })
        if kept.contains(where: \.isSuccess) { CrashPoint.afterSignedCommit.pass() }
        return zip(made, kept).map { made, kept in
            Result {
                try kept.get()
                let signed = try made.get().signed
                if signed.waybill.supersedes != nil { agency.signals.send(.post) }
                return signed
            }
        }
    }

    private struct Made: Sendable {
        let signed: SignedWaybill
        let events: [NewEvent]
    }

    private func make(_ unsigned: Unsigned) async -> Result<Made, any Error> {
        let (labelled, now) = (unsigned.labelled, agency.clock.now())
        do {
            let waybill = try waybill(labelled, to: unsigned.partner, at: now)
            let json = waybill.encoded
            let signed = SignedWaybill(
                weighed: labelled.weighed, waybill: waybill, digest: SHA256.digest(json),
                signed: try agency.us.signer.sign(json, at: now))
            let owed = SigningDuties(agency: agency)
            let review = owed.review(of: waybill, labelled.grounds, at: now)
            let correction = try await owed.correction(by: waybill, labelled.grounds, at: now)
            let events = events(signed, labelled, unsigned.because, review, at: now) + (correction.map { [$0] } ?? [])
            return .success(Made(signed: signed, events: unsigned.first + events))
        } catch {
            return .failure(error)
        }
    }

    private func waybill(_ labelled: LabelledFile, to partner: Partner, at now: Instant) throws -> Waybill {
        let weighed = labelled.weighed
        let file = try FileDescription(
            name: PlainText.cleaned(SafeName.nfc(weighed.claimed.name), .fileName, with: "_"), size: weighed.size,
            sha256: weighed.sha256,
            mediaType: weighed.mediaType, modified: weighed.modified(toldTo: partner, at: now))
        return Waybill(
            id: weighed.claimed.id, parties: agency.us.parties(to: partner), signedAt: now,
            bind: try Digest(Random.bytes(32)), file: file, partSize: agency.rules.partSize, label: labelled.label,
            supersedes: labelled.grounds.replaces?.consignment, submittedBy: weighed.claimed.account)
    }

    private func events(
        _ signed: SignedWaybill, _ labelled: LabelledFile, _ because: String?, _ review: Duty?, at now: Instant
    ) -> [NewEvent] {
        var record = Records.claimed(labelled.weighed)
        record.apply(labelled.label)
        record.waybill = signed.digest
        record.state = .dispatching
        record.sentAt = now
        record.regime = labelled.grounds.regime
        record.supersedes = signed.waybill.supersedes
        var decision: [String: JSON] = [
            "by": .string(labelled.label.decidedBy), "warnings": .array(labelled.warnings.map(\.json)),
        ]
        decision["because"] = because.map(JSON.string)
        decision.merge(labelled.grounds.facts) { $1 }
        let released = EventDetail(decision, duties: review.map { [$0] } ?? [])
        let statement = EventDetail(["waybill": .string(signed.digest.hex)], statement: signed.signed)
        return [
            Records.event(.released, record, released, at: now), Records.event(.signed, record, statement, at: now),
            Records.event(.dispatching, record, EventDetail([:]), at: now, carriesRecord: true),
        ]
    }
}

extension Records {
    /// The row of a file that is signed; its state is the caller's.
    static func signed(_ waybill: SignedWaybill) -> ConsignmentRecord {
        var record = claimed(waybill.weighed)
        record.apply(waybill.waybill.label)
        record.waybill = waybill.digest
        record.sentAt = waybill.waybill.signedAt
        record.supersedes = waybill.waybill.supersedes
        record.regime = waybill.waybill.label.basis.regime
        return record
    }
}

extension Lane {
    init(_ waybill: SignedWaybill, smallLimit: Int64) {
        self.init(isUrgent: waybill.isEmergency, size: waybill.waybill.file.size, smallLimit: smallLimit)
    }
}
