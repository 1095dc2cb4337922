internal import Ledger
internal import Policy
internal import Vocabulary

/// The sentences that several reports share.
enum Words {
    static let unknown = "not known to Waybill"

    /// What Waybill does with every file (UK GDPR 32).
    static let security =
        "sealed to the recipient's key end to end; sender and recipient sign; append-only ledger with proofs"

    static func retention(_ label: Label?) -> String? {
        label?.retention.map { kept in "\(kept.class)\(kept.reviewBy.map { ", review by \($0)" } ?? "")" }
    }

    static func subject(_ subject: Label.Subject) -> String {
        "\(subject.role): \(informed(subject.informed))"
    }

    /// What the sender says of UK GDPR 14.
    static func informed(_ informed: Label.Informed?) -> String {
        switch informed?.status {
        case "yes": "informed\(informed?.on.map { " on \($0)" } ?? "")"
        case "no": "not informed"
        case "exempt": "exempt\(informed?.ground.map { " (\($0))" } ?? "")"
        default: "not said"
        }
    }

    /// Whether somebody has looked at what was sent as an emergency.
    static func review(_ duties: [Duty]) -> String? {
        duties.first { $0.kind == .review }.map { duty in
            guard duty.isOpen else { return "reviewed by \(duty.by ?? unknown)" }
            return "not yet reviewed, due \(duty.due)"
        }
    }

    /// `collected 2026-11-22 (moved)`: what the recipient says has become of it.
    static func later(_ statement: LaterStatement) -> String {
        let day = (statement.kind == .handover ? statement.moment ?? statement.signedAt : statement.signedAt).londonDate
        return switch statement.kind {
        case .handover: "collected \(day) (\(statement.because))"
        case .acceptance: "accepted \(day)"
        case .uncollected: "not collected by \(day)"
        case .destroyed: "destroyed \(day)"
        case .retained: "asked back, kept \(day)"
        case .misdirected: "not meant for them \(day)"
        case .recall: "asked back \(day)"
        case .correction: "replaced \(day)"
        }
    }

    static func finding(_ finding: Finding) -> String { "\(finding.rule): \(finding.found)" }

    static func duty(_ duty: Duty) -> String {
        let day = duty.state == .deferred ? duty.deferredUntil?.londonDate : duty.due.lastDayInLondon
        let verb = duty.state == .deferred ? "deferred until" : "due"
        return "\(duty.kind.rawValue) \(duty.id) \(verb) \(day ?? duty.due.londonDate)"
    }

    static func policyDocument(_ document: Agreement.PolicyDocument?) -> String? {
        document.map { "appropriate policy document \($0.id)\($0.reviewBy.map { ", review by \($0)" } ?? "")" }
    }

    /// Per mille, as a percentage with one decimal: `4.2 %`. JSON of statements knows no fractions.
    static func percent(_ count: Int64, of all: Int64) -> String? {
        guard all > 0 else { return nil }
        let mille = (count * 2000 + all) / (all * 2)
        return "\(mille / 10).\(mille % 10) %"
    }
}
