internal import Envelope
internal import Ledger
internal import Vocabulary

/// The waybill of a proof and the recipient's answer to it, verified against each other.
struct ProofStatements {
    enum Answer {
        case receipt(Receipt), refusal(Refusal)
    }

    let waybill: Waybill
    let answer: Answer
    /// Both as signed, the waybill first.
    let signed: [VerifiedContent]

    init(_ files: ProofFiles, _ agencies: ProofAgencies) throws(ProofFault) {
        let signed = try VerifiedContent(ProofName.waybill, by: agencies.sender, in: files)
        do { waybill = try Waybill(kept: signed.bytes) } catch { throw ProofFault(of: error, in: signed.file) }
        try signed.requireSigned(at: waybill.signedAt)
        guard waybill.parties == agencies.parties else { throw Self.strangers(signed.file) }
        let digest = SHA256.digest(signed.bytes)
        let isReceipt = files[ProofName.refusal] == nil
        let name = isReceipt ? ProofName.receipt : ProofName.refusal
        let answered = try VerifiedContent(name, by: agencies.recipient, in: files)
        answer =
            isReceipt
            ? .receipt(try Self.receipt(answered, waybill, digest))
            : .refusal(try Self.refusal(answered, files, waybill, digest))
        self.signed = [signed, answered]
    }

    /// The file of the answer.
    var answerName: String {
        switch answer {
        case .receipt: ProofName.receipt
        case .refusal: ProofName.refusal
        }
    }

    /// The event by which the prover's ledger records the answer.
    func answerKind(_ side: Direction) -> EventKind {
        switch (answer, side) {
        case (.receipt, .sent): .delivered
        case (.receipt, .received): .received
        case (.refusal, .sent): .refused
        case (.refusal, .received): .declined
        }
    }

    private static func receipt(
        _ signed: VerifiedContent, _ waybill: Waybill, _ digest: Digest
    ) throws(ProofFault) -> Receipt {
        let receipt: Receipt
        do { receipt = try Receipt(kept: signed.bytes) } catch { throw ProofFault(of: error, in: signed.file) }
        try signed.requireSigned(at: receipt.signedAt)
        guard receipt.parties == waybill.parties else { throw strangers(signed.file) }
        guard receipt.consignment == waybill.id, receipt.waybill == digest else { throw foreign(signed.file) }
        guard receipt.sha256 == waybill.file.sha256, receipt.size == waybill.file.size else {
            throw ProofFault(signed.file, "is for another file than the waybill's")
        }
        return receipt
    }

    private static func refusal(
        _ signed: VerifiedContent, _ files: ProofFiles, _ waybill: Waybill, _ digest: Digest
    ) throws(ProofFault) -> Refusal {
        let refusal: Refusal
        do { refusal = try Refusal(kept: signed.bytes) } catch { throw ProofFault(of: error, in: signed.file) }
        try signed.requireSigned(at: refusal.signedAt)
        guard refusal.parties == waybill.parties else { throw strangers(signed.file) }
        guard refusal.consignment == waybill.id, refusal.waybill == digest else { throw foreign(signed.file) }
        guard files[ProofName.receipt] == nil else { throw ProofFault(signed.file, "stands beside a receipt") }
        return refusal
    }

    private static func strangers(_ file: String) -> ProofFault {
        ProofFault(file, "is not between the agencies of the two cards")
    }

    private static func foreign(_ file: String) -> ProofFault { ProofFault(file, "is about another waybill") }
}
