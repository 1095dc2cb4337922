internal import Ledger
internal import Policy
internal import Vocabulary

/// The fields of the regulator's decision form for one row, in its order.
struct DecisionForm {
    let row: ReportRow
    let context: ReportContext

    /// Who asked whom, when, for what. Most sharing under the protocol answers no request.
    var request: [(String, Cell)] {
        let asked = row.label?.basis.request
        let elsewhere = asked.map { "\(Words.unknown); see request \($0)" } ?? "no request: shared of our own accord"
        return [
            ("organisationReceivingRequest", .text(context.ourName)),
            ("organisationRequesting", .text(context.name(of: row.record.key.partner))),
            ("requesterNameAndPosition", .text(elsewhere)), ("requestReceivedOn", .text(elsewhere)),
            ("dataDescription", .texts(data)), ("controllerRelationship", .text(relationship)),
            ("agreementInPlace", .text(agreement)),
            ("purpose", .text(context.words(row.purpose, [.purpose], on: row.day))),
        ]
    }

    var law: [(String, Cell)] {
        let basis = row.label?.basis
        return [
            ("lawfulBasis", .texts(lawfulBasis)),
            ("whyNecessary", .text(row.label?.necessity ?? Words.unknown)),
            ("additionalConditions", .texts(Self.orNone(conditions))),
            ("part3Provisions", .texts(part3)),
            ("legalPower", .texts(Self.orNone(words(basis?.gateways ?? [], CatalogueKinds.gateways)))),
        ]
    }

    var arrangements: [(String, Cell)] {
        let facts = context.agreement(row)
        let handling = row.label?.handling
        let marks = handling.map { ([$0.classification] + $0.caveats).joined(separator: ", ") }
        let transfer = row.label?.basis.transfer.map {
            "leaves the United Kingdom under \(context.words($0, [.transfer], on: row.day))"
        }
        return [
            ("dpia", .text(facts?.dpia ?? Words.unknown)), ("dpoViews", .text(facts?.dpoViews ?? Words.unknown)),
            ("retentionAndDeletion", .text(Words.retention(row.label) ?? "none set")),
            ("security", .texts([marks, facts?.security, Words.security, transfer].compactMap { $0 })),
            ("individualsRights", .texts(rights)), ("interval", .text("this file once")),
            ("claimedAt", .time(row.record.claimedAt)), ("sentAt", .time(row.record.sentAt)),
            ("deliveredAt", .time(row.record.deliveredAt)),
        ]
    }

    var decision: [(String, Cell)] {
        [
            ("decision", .text(Self.words(row.decision.outcome))), ("reasons", .texts(reasons)),
            ("detrimentTest", .text(detriment)), ("decidedBy", .text(row.decision.by)),
            ("deciderPosition", .text(row.decision.by == "route" ? "the agreement's route" : Words.unknown)),
            ("signed", .text(row.record.waybill.map { "signed waybill, SHA-256 \($0.hex)" } ?? "not signed")),
            ("dated", .time(row.waybill?.signedAt ?? row.decision.at)),
        ]
    }

    private func words(_ ids: [String], _ kinds: [CatalogueEntry.Kind]) -> [String] {
        context.words(ids, kinds, on: row.day)
    }
}

extension DecisionForm {
    private var data: [String] {
        let roles = Set(row.label?.subjects.map(\.role) ?? []).sorted()
        let file = row.waybill.map { "one file, \($0.file.mediaType), \($0.file.size) bytes" }
        let about = roles.isEmpty ? nil : "about: \(roles.joined(separator: ", "))"
        return words(row.categories, CatalogueKinds.categories) + [about, file].compactMap { $0 }
    }

    private var relationship: String {
        context.agreement(row)?.joint == true ? "joint controllers" : "separate controllers"
    }

    private var agreement: String {
        guard let pinned = row.label?.agreement else {
            return row.record.agreement.isEmpty ? "none" : row.record.agreement
        }
        let title = context.agreement(row)?.title.map { ": \($0)" } ?? ""
        return "\(pinned.id)@\(pinned.version)\(title), SHA-256 \(pinned.sha256.hex)"
    }

    private var lawfulBasis: [String] {
        guard !row.isPart3 else { return ["DPA 2018 s.35 (Part 3)"] }
        return Self.orNone(words(row.label?.basis.article6 ?? row.record.basis, CatalogueKinds.all))
    }

    private static func orNone(_ words: [String]) -> [String] { words.isEmpty ? ["none named"] : words }

    private var conditions: [String] {
        guard let basis = row.label?.basis, !row.isPart3 else { return [] }
        let more: [String?] = [
            basis.reason.map { "Sch 1 para 18(1)(d): reason \($0)" },
            basis.confidentiality.map { "UK GDPR 9(3): \($0)" }, basis.incapacity.map { "cannot consent: \($0)" },
            basis.consent.map { "consent: \($0)" }, basis.authority.map { "authority: \($0)" },
            Words.policyDocument(context.agreement(row)?.policyDocument),
        ]
        return words(basis.article9 + basis.schedule1, CatalogueKinds.conditions) + more.compactMap { $0 }
    }

    private var part3: [String] {
        guard row.isPart3, let basis = row.label?.basis else { return row.isPart3 ? [Words.unknown] : ["not Part 3"] }
        let more: [String?] = [
            basis.lawEnforcement.map { "s.31: \(context.words($0, [.lawEnforcement], on: row.day))" },
            row.label?.accuracy.map { "s.38(5)(b): \($0)" },
            row.label?.nature.map { "s.38(2): \($0)" }, Words.policyDocument(context.agreement(row)?.policyDocument),
        ]
        return Self.orNone(words(basis.schedule8, CatalogueKinds.conditions) + more.compactMap { $0 })
    }

    private var rights: [String] {
        let told = row.label?.subjects.map(Words.subject) ?? []
        return [context.agreement(row)?.rights ?? "arrangements of the agreement: \(Words.unknown)"] + told
    }
}

extension DecisionForm {
    private var reasons: [String] {
        var reasons = [row.decision.because].compactMap { $0 }
        if reasons.isEmpty, row.decision.outcome == .released { reasons = [row.label?.necessity].compactMap { $0 } }
        if row.decision.outcome == .held || row.decision.outcome == .blocked {
            reasons += row.decision.findings.map(Words.finding)
        }
        return reasons.isEmpty ? [Words.unknown] : reasons
    }

    /// Children Act 2004 s.16LA(3): the one ground on which a duty to share falls away.
    private var detriment: String? {
        guard row.decision.outcome == .rejected else { return nil }
        let answer = row.decision.detriment ?? "not said"
        return "CA 2004 s.16LA(3), more detrimental to the child than not sharing? \(answer)"
    }

    private static func words(_ outcome: DecisionFacts.Outcome) -> String {
        switch outcome {
        case .released: "to share"
        case .held: "not decided: waits for a person"
        case .blocked: "not shared: the law bars it"
        case .rejected: "not to share"
        case .recalled: "to share; asked back later"
        case .received: "the sender's"
        }
    }
}
