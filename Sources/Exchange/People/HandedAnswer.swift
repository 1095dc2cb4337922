internal import Envelope
package import Ledger
internal import Statements
package import Vocabulary

/// A receipt or refusal that came back by hand: verified like one that came by the line, with the same outcome. Its file moves
/// at the next start.
package struct HandedAnswer: Sendable {
    private enum Content {
        case receipt(Receipt)
        case refusal(Refusal)
    }

    /// Why it was not taken.
    package enum Problem: Error, Sendable {
        case notAnAnswer(String)
        /// Our ledger has no such consignment.
        case notOurs(ConsignmentKey)
        case noPartner(AgencyID)
        case untrue(AgencyID, why: String)
    }

    private let signed: [UInt8]
    /// What it claims to be, until it is verified.
    private let claimed: (consignment: ConsignmentID, parties: Parties, isReceipt: Bool)

    package init(parsing signed: [UInt8]) throws(Problem) {
        self.signed = signed
        do {
            let json = try StatementVerifier.uncheckedContent(of: signed)
            if let receipt = try? Receipt(parsing: json) {
                claimed = (receipt.consignment, receipt.parties, true)
            } else {
                let refusal = try Refusal(parsing: json)
                claimed = (refusal.consignment, refusal.parties, false)
            }
        } catch {
            throw .notAnAnswer("\(error)")
        }
    }

    /// Commits the outcome; the row as it stands then. The same answer again changes nothing.
    /// Throws `Problem`, `OfficerProblem` while a restored ledger stands still, and `LedgerTrouble`.
    package func take(_ agency: Agency) async throws -> ConsignmentRecord {
        if let refusal = agency.rollback.refusal { throw refusal }
        let key = ConsignmentKey(.sent, claimed.parties.to, claimed.consignment)
        guard let record = try await agency.ledger.record(key) else { throw Problem.notOurs(key) }
        guard let partner = agency.partners[key.partner] else { throw Problem.noPartner(key.partner) }
        let waybill = try await agency.signedWaybill(of: key)
        let content: Content
        do { content = try verified(by: partner, SentFacts(record, waybill)) } catch {
            throw Problem.untrue(key.partner, why: "\(error)")
        }
        guard let ending = try await ending(record, content, waybill, agency) else { return record }
        try await agency.commit(ending)
        return ending.record
    }

    private func verified(by partner: Partner, _ sent: SentFacts) throws -> Content {
        claimed.isReceipt
            ? .receipt(try sent.receipt(signed, by: partner.author))
            : .refusal(try sent.refusal(signed, by: partner.author))
    }

    /// Nil if the ledger has it already.
    private func ending(
        _ record: ConsignmentRecord, _ content: Content, _ waybill: Waybill?, _ agency: Agency
    ) async throws -> Ending? {
        switch content {
        case .receipt(let receipt):
            guard record.receiptSHA256 == nil else { return nil }
            let owed = try await OpenDuties(of: record, waybill, agency)
            return Outcomes(agency).delivered(record, receipt, signed: signed, owed: owed)
        case .refusal(let refusal):
            guard record.state != .refused else { return nil }
            return Outcomes(agency).refused(record, refusal, signed: signed)
        }
    }
}
