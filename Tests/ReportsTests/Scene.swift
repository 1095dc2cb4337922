import Ledger
import Policy
import Reports
import Vocabulary

/// Hartlepool's ledger, as the reports see it; tests change one thing at a time.
struct Scene {
    let digest: Digest
    let police: AgencyID
    var label: Label
    var context: ReportContext

    init() throws {
        digest = try Digest([UInt8](repeating: 7, count: 32))
        police = try AgencyID("cleveland-police")
        let pinned = Label.Pinned(id: "tees-tier-2", version: "2026-04", sha256: digest)
        let basis = Label.Basis(
            article6: ["A6-1-e"], gateways: ["CA89-47"], article9: ["A9-2-g"], schedule1: ["S1-18"], reason: "b")
        label = Label(
            agreement: pinned, route: try RouteName("strategy-meeting"),
            catalogue: .init(id: "", version: "2026-11-22", sha256: digest), purpose: "pu-3.1",
            categories: ["pd-01", "sc-health"], basis: basis, necessity: "Partners must decide together.")
        label.subjects = [.init(ref: "case-1", role: "child", informed: .init(status: "no"))]
        label.retention = .init(class: "child-protection", reviewBy: try CalendarDate("2027-11-22"))
        context = ReportContext(
            we: try AgencyID("hartlepool"), ourName: "Hartlepool Borough Council",
            catalogue: try Self.catalogue(digest),
            today: try CalendarDate("2026-11-30"))
        var agreement = AgreementFacts()
        (agreement.title, agreement.dpia) = ("Tees-wide agreement", "dpia-7: low risk")
        (agreement.dpoViews, agreement.rights) = ("content", "one request to any partner")
        agreement.security = "need to know"
        agreement.policyDocument = .init(id: "apd-2026-1", reviewBy: try CalendarDate("2027-04-01"))
        agreement.reviewBy = try CalendarDate("2027-04-01")
        context.agreements["tees-tier-2@2026-04"] = agreement
    }

    /// A file sent by the route without anybody's help.
    func row(
        _ direction: Direction = .sent, partner: AgencyID? = nil, state: ConsignmentState = .delivered,
        decision: DecisionFacts? = nil, regime: String = "uk-gdpr", label changed: Label? = nil
    ) throws -> ReportRow {
        let label = changed ?? label
        let id = ConsignmentID.make(at: Instant(seconds: 1_795_000_000))
        var record = ConsignmentRecord(
            key: .init(direction, partner ?? police, id), state: state, route: label.route, name: "Jane Roe.pdf",
            purpose: label.purpose, categories: label.categories, agreement: "tees-tier-2@2026-04",
            cases: label.subjects.map(\.ref))
        record.regime = regime
        record.claimedAt = try Instant("2026-11-22T09:00:00.000Z")
        record.sentAt = direction == .sent ? try Instant("2026-11-22T09:00:01.000Z") : nil
        record.deliveredAt = try Instant("2026-11-22T09:00:05.000Z")
        record.waybill = digest
        let made = DecisionFacts(direction == .sent ? .released : .received, by: "route", at: record.claimedAt)
        return ReportRow(
            record: record, waybill: try waybill(id, label, direction, partner ?? police), decision: decision ?? made)
    }

    private func waybill(
        _ id: ConsignmentID, _ label: Label, _ direction: Direction, _ partner: AgencyID
    ) throws -> Waybill {
        let (from, to) = direction == .sent ? (context.we, partner) : (partner, context.we)
        return Waybill(
            id: id, parties: .init(from: from, to: to, fromIdentity: digest, toIdentity: digest),
            signedAt: try Instant("2026-11-22T09:00:01.000Z"), bind: digest,
            file: try .init(name: "Jane Roe.pdf", size: 1234, sha256: digest, mediaType: "application/pdf"),
            partSize: .usual, label: label, submittedBy: "route")
    }

    /// The same under Part 3.
    var lawEnforcement: Label {
        var label = label
        label.basis = Label.Basis(regime: "dpa-part-3", gateways: ["CA89-47"], schedule8: ["S8-4"])
        label.basis.lawEnforcement = "le-prevention"
        (label.accuracy, label.nature) = ("checked with the school", "both")
        return label
    }

    func duty(_ kind: Duty.Kind, _ row: ReportRow, subject: String? = nil) throws -> Duty {
        Duty(
            kind, id: .make(at: Instant(seconds: 1_795_000_001)), about: row.record.key, subject: subject,
            openedAt: try Instant("2026-11-22T09:00:05.000Z"), due: try Instant("2026-12-23T00:00:00.000Z"))
    }

    private static func catalogue(_ digest: Digest) throws -> Catalogue {
        func word(_ id: String, _ kind: CatalogueEntry.Kind, _ label: String) -> CatalogueEntry {
            CatalogueEntry(id: id, kind: kind, label: label, citation: "law of \(id)")
        }
        return Catalogue(
            version: "2026-11-22", sha256: digest,
            .init(
                entries: [
                    word("pu-3.1", .purpose, "Protecting children from maltreatment"),
                    word("pd-01", .personalCategory, "names"),
                    word("sc-health", .specialCategory, "health information"),
                    word("cr-offence", .criminal, "convictions"), word("A6-1-e", .article6, "public task"),
                    word("CA89-47", .gateway, "enquiries"), word("A9-2-g", .article9, "substantial public interest"),
                    word("S1-18", .schedule1, "safeguarding"), word("S8-4", .schedule8, "safeguarding of children"),
                    word("le-prevention", .lawEnforcement, "prevention of crime"),
                    word("tr-1", .transfer, "adequacy regulations"),
                ],
                organisations: [
                    Organisation(
                        id: try AgencyID("cleveland-police"), label: nil, name: "Cleveland Police", kind: "police")
                ]))
    }
}

extension DecisionFacts {
    static func released(by person: String, after findings: [Finding], because: String = "checked") -> Self {
        var facts = DecisionFacts(.released, by: person, because: because)
        facts.findings = findings
        return facts
    }
}

let shortfall = Finding(rule: "R-020", citation: "UK GDPR 9", found: "No condition.", fix: "Name one.")
