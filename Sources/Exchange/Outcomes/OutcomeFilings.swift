internal import Envelope
internal import Folders
internal import Ledger
internal import Policy
internal import Statements
internal import Vocabulary

// What lies beside a file that has ended, and where: of an ending that is being made, and of one that the ledger has already.

extension Outcomes {
    /// Of an ended row whose file still lies in work/: what a restart repeats.
    /// - Parameter isDamaged: what lies in work/ is not what was delivered.
    func filing(again row: ConsignmentRecord, isDamaged: Bool = false) async throws -> Filing {
        switch row.state {
        case .delivered:
            let signed = try await agency.ledger.statement(.delivered, of: row.key) ?? []
            let receipt = try Receipt(kept: StatementVerifier.uncheckedContent(of: signed))
            return filing(ofDelivered: row, receipt, signed, isDamaged: isDamaged)
        case .refused:
            let signed = try await agency.ledger.statement(.refused, of: row.key) ?? []
            return filing(ofRefused: row, try Refusal(kept: StatementVerifier.uncheckedContent(of: signed)), signed)
        case .recalled:
            let left = try await agency.ledger.statement(.recalled, of: row.key) != nil
            return filing(ofRecalled: row, left: left)
        case .withdrawn: return filingOfChanged(row)
        default: return filing(ofHeld: row)
        }
    }

    func filing(
        ofDelivered row: ConsignmentRecord, _ receipt: Receipt, _ signed: [UInt8], isDamaged: Bool = false
    ) -> Filing {
        let name = row.name ?? ""
        let note = receiptNote(receipt, name: name, of: row.key.partner, beside: name)
        return Filing(
            .sent,
            [(".receipt.p7s", signed), (".receipt.txt", Array((note + (isDamaged ? Notes.damagedCopy : "")).utf8))])
    }

    /// - Parameter beside: the file's name in sent/, which may be numbered.
    func receiptNote(_ receipt: Receipt, name: String, of partner: AgencyID, beside file: String) -> String {
        Notes.receipt(
            receipt, name: name, partner: agency.partners[partner]?.card.name ?? partner.text,
            signedNote: SafeName.note(file, suffix: ".receipt.p7s"))
    }

    func filing(ofRefused row: ConsignmentRecord, _ refusal: Refusal, _ signed: [UInt8]) -> Filing {
        let note = agency.danger(row.key.partner) + Notes.refused(refusal, name: row.name ?? "")
        return Filing(.held, [(".refusal.p7s", signed), (".refused.txt", Array(note.utf8))])
    }

    func filingOfChanged(_ row: ConsignmentRecord) -> Filing {
        Filing(.held, ".why.txt", agency.danger(row.key.partner) + Notes.changed(name: row.name ?? ""))
    }

    func filing(ofRecalled row: ConsignmentRecord, left: Bool) -> Filing {
        let (name, partner) = (row.name ?? "", row.key.partner)
        return Filing(
            .held, ".recalled.txt",
            Notes.recalled(name: name, partner: partner, because: row.why ?? "", left: left))
    }

    /// Held by policy, or taken off its way after it was signed.
    func filing(ofHeld row: ConsignmentRecord) -> Filing {
        let (name, partner, findings) = (row.name ?? "", row.key.partner, Self.findings(of: row))
        let note =
            row.waybill != nil
            ? Notes.halted(findings, name: name, partner: partner)
            : Notes.held(findings, name: name, partner: partner, id: row.key.id, blocked: row.state == .blocked)
        return Filing(.held, ".why.txt", agency.danger(partner) + note)
    }

    static func findings(of record: ConsignmentRecord) -> [Finding] {
        guard let why = record.why, let json = try? JSON(kept: Array(why.utf8)), case .array(let items) = json else {
            return []
        }
        return items.compactMap { try? Finding($0) }
    }
}
