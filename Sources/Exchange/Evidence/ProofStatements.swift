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

    init(_ files: ProofFiles, _ agencies: ProofAgencies) throws(ProofFault) {
        let signed = try agencies.open(ProofName.waybill, by: agencies.sender, in: files)
        do { waybill = try Waybill(parsing: signed.bytes) } catch { throw ProofFault(of: error, in: signed.file) }
        try signed.requireSigned(at: waybill.signedAt)
        guard waybill.parties == agencies.parties else { throw Self.strangers(signed.file) }
        let digest = SHA256.digest(signed.bytes)
        answer =
            files[ProofName.refusal] == nil
            ? .receipt(try Self.receipt(files, agencies, waybill, digest))
            : .refusal(try Self.refusal(files, agencies, waybill, digest))
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
        _ files: ProofFiles, _ agencies: ProofAgencies, _ waybill: Waybill, _ digest: Digest
    ) throws(ProofFault) -> Receipt {
        let signed = try agencies.open(ProofName.receipt, by: agencies.recipient, in: files)
        let receipt: Receipt
        do { receipt = try Receipt(parsing: signed.bytes) } catch { throw ProofFault(of: error, in: signed.file) }
        try signed.requireSigned(at: receipt.signedAt)
        guard receipt.parties == waybill.parties else { throw strangers(signed.file) }
        guard receipt.consignment == waybill.id, receipt.waybill == digest else { throw foreign(signed.file) }
        guard receipt.sha256 == waybill.file.sha256, receipt.size == waybill.file.size else {
            throw ProofFault(signed.file, "is for another file than the waybill's")
        }
        return receipt
    }

    private static func refusal(
        _ files: ProofFiles, _ agencies: ProofAgencies, _ waybill: Waybill, _ digest: Digest
    ) throws(ProofFault) -> Refusal {
        let signed = try agencies.open(ProofName.refusal, by: agencies.recipient, in: files)
        let refusal: Refusal
        do { refusal = try Refusal(parsing: signed.bytes) } catch { throw ProofFault(of: error, in: signed.file) }
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
