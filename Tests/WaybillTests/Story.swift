import Law
import Ledger
import Policy
import Premises
import Vocabulary

@testable import waybill

/// A consignment of Hartlepool's to the police and what happened to it; tests tell one event after another.
struct Story {
    var record: ConsignmentRecord
    var events: [StoredEvent] = []
    let label: Label
    let agreements: [Agreement]
    static let us = "hartlepool"

    init(_ direction: Direction = .sent, _ state: ConsignmentState = .delivered) throws {
        let catalogue = try LawAtHand.shippedCatalogue()
        agreements = try LawAtHand.shippedAgreements(catalogue).map { try $0.get() }
        let key = ConsignmentKey(
            direction, try AgencyID("cleveland-police"), .make(at: try Instant("2026-11-22T09:00:00.000Z")))
        let name = try RouteName("strategy-meeting")
        record = ConsignmentRecord(key: key, state: state, route: name, name: "minutes.pdf")
        record.sentAt = try Instant("2026-11-22T09:00:02.000Z")
        guard let agreement = agreements.first(where: { $0.route(name) != nil }), let route = agreement.route(name)
        else {
            throw Malformed("shipped agreements", "have no route strategy-meeting")
        }
        let labelling = Labelling(under: agreement, catalogue, at: try Instant("2026-11-22T09:00:00.000Z"))
        label = labelling.label(route).label
    }

    /// One event a second, from nine o'clock on.
    mutating func happened(_ kind: EventKind, _ facts: [String: JSON]? = [:], statement: [UInt8] = []) throws {
        let seq = Int64(events.count)
        let at = try Instant("2026-11-22T09:00:00.000Z").adding(seconds: seq)
        let leaf = Leaf(
            seq: seq, at: at, kind: kind, consignment: record.key.id, partner: record.key.partner,
            commitment: try Digest([UInt8](repeating: 0, count: 32)))
        let detail = facts.map { EventDetail($0, statement: statement).bytes }
        events.append(StoredEvent(seq: seq, leaf: leaf, salt: nil, detail: detail))
    }

    mutating func held(_ rule: String = "R-020", as kind: EventKind = .held) throws {
        try happened(kind, ["findings": .array([Self.finding(rule).json]), "label": label.json])
    }

    static func finding(_ rule: String) -> Finding {
        Finding(rule: rule, citation: "UK GDPR 9", found: "No condition.", fix: "Name one.")
    }

    /// - Parameter signed: whether its waybill has been signed.
    func told(signed: Bool = true) throws -> DecisionStory {
        DecisionStory(History(record: record, events: events), waybill: signed ? try waybill() : nil)
    }

    private func waybill() throws -> Vocabulary.Waybill {
        let digest = try Digest([UInt8](repeating: 7, count: 32))
        return Vocabulary.Waybill(
            id: record.key.id,
            parties: .init(
                from: try AgencyID(Self.us), to: record.key.partner, fromIdentity: digest, toIdentity: digest),
            signedAt: try Instant("2026-11-22T09:00:02.000Z"), bind: digest,
            file: try .init(name: "minutes.pdf", size: 1, sha256: digest, mediaType: "application/pdf"),
            partSize: .usual, label: label, submittedBy: "jane")
    }
}
