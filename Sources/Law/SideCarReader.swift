package import Policy
internal import Vocabulary

/// `NAME.label.yaml` or `.json` beside a dropped file -> `LabelOverride`.
package enum SideCarReader {
    /// - Parameters:
    ///   - file: A name for messages. A side-car's own name may hold a child's name: give another.
    ///   - catalogue: With it, an id that no list holds is found here, in its line; without it, by the rules.
    package static func read(
        _ bytes: [UInt8], file: String, catalogue: Catalogue? = nil
    ) -> Reading<LabelOverride> {
        let log = ProblemLog(file: file)
        guard let top = Document.open(bytes, log: log) else { return log.reading(nil) }
        return log.reading(read(top, catalogue.map { Words(catalogue: $0, log: log) }))
    }

    /// The emergency that a label declares, where other lines of it are wrong; nil if it declares none that can be read.
    /// A reason that is too long or holds what no text may hold is cut and marked: it does not unsay the danger.
    package static func emergencyAlone(_ bytes: [UInt8]) -> LabelOverride? {
        let log = ProblemLog(file: "")
        guard let top = Document.open(bytes, log: log), !log.hasErrors else { return nil }
        let reason = emergency(top)
        var sideCar = LabelOverride()
        sideCar.emergency = log.hasErrors ? marked(top) : reason
        return sideCar.emergency == nil ? nil : sideCar
    }

    private static func marked(_ top: Section) -> String? {
        guard let text = top.section("emergency")?.anyText("reason"),
            text.utf8.count > Section.longestText || PlainText.fault(in: text, .lines) != nil
        else { return nil }
        var bytes = 0
        let short = PlainText.cleaned(text, .lines).unicodeScalars.prefix { scalar in
            bytes += UTF8.width(scalar)
            return bytes <= Section.longestText
        }
        return String(String.UnicodeScalarView(short))
    }

    static func read(_ top: Section, _ words: Words?) -> LabelOverride {
        var sideCar = LabelOverride()
        let origin: Origin? = top.choice("origin")
        sideCar.origin = origin?.rawValue
        (sideCar.purpose, sideCar.categories) = (top.id("purpose"), top.ids("categories"))
        words?.check(sideCar.purpose, .purpose, "purpose", top)
        words?.check(sideCar.categories ?? [], Words.categories, "categories", top)
        Repeated.check(sideCar.categories, "categories", top)
        accuracy(top, &sideCar)
        handling(top, &sideCar)
        if let basis = top.section("basis") { sideCar.basis = BasisRows.overriding(basis, words) }
        emptied(sideCar, words, top)
        sideCar.subjects = SubjectRows.read(top)
        sideCar.emergency = emergency(top)
        statements(top, &sideCar)
        sideCar.replaces = replacement(top)
        top.end()
        return sideCar
    }

    private static func accuracy(_ top: Section, _ sideCar: inout LabelOverride) {
        let nature: Nature? = top.choice("nature")
        sideCar.nature = nature?.rawValue
        (sideCar.necessity, sideCar.accuracy) = (top.text("necessity"), top.text("accuracy"))
        sideCar.asOf = top.date("as-of")
    }

    private static func handling(_ top: Section, _ sideCar: inout LabelOverride) {
        if let handling = top.section("handling") {
            (sideCar.classification, sideCar.caveats) = HandlingRow.fields(handling)
        }
        if let retention = top.section("retention") {
            (sideCar.retentionClass, sideCar.reviewBy) = (retention.id("class"), retention.date("review-by"))
            retention.end()
        }
    }

    /// Who lists special category data and takes every Article 9 point away contradicts themselves.
    private static func emptied(_ sideCar: LabelOverride, _ words: Words?, _ top: Section) {
        guard sideCar.basis.article9 == [], sideCar.basis.regime != Regime.part3.rawValue, let words,
            let special = sideCar.categories?.first(where: { words.catalogue.knows($0, .specialCategory) })
        else { return }
        top.log.error(
            "\"categories\" holds \"\(special)\", which is special category data, and \"basis.article-9\" is empty",
            hint: "name an Article 9 point such as A9-2-g, or take the category out", at: top.mark(of: "categories"))
    }

    private static func emergency(_ top: Section) -> String? {
        guard let section = top.section("emergency") else { return nil }
        let reason = section.required("reason", section.text("reason"), hint: "say in one line what the danger is")
        if let reason, !reason.contains(where: { !$0.isWhitespace }) {
            section.log.error(
                "\"emergency.reason\" says nothing", hint: "say in one line what the danger is",
                at: section.mark(of: "reason"))
        }
        section.end()
        return reason
    }

    /// A correction: which consignment this file takes the place of.
    private static func replacement(_ top: Section) -> LabelOverride.Replacement? {
        guard let section = top.section("supersedes") else { return nil }
        let hint = "give the whole id of what was sent: waybill ledger list"
        let id = section.required("consignment", section.consignment("consignment", hint: hint), hint: hint)
        let because = section.required("because", section.text("because"), hint: "say what was wrong with it")
        section.end()
        guard let id, let because else { return nil }
        return LabelOverride.Replacement(consignment: id, because: because)
    }

    private static func statements(_ top: Section, _ sideCar: inout LabelOverride) {
        if let section = top.section("collection") {
            let purpose = section.required("purpose", section.id("purpose"), hint: "say for what it was collected")
            let compatibility = section.text("compatibility")
            section.end()
            sideCar.collection = purpose.map { Label.Collection(purpose: $0, compatibility: compatibility) }
        }
        if let section = top.section("attestation") {
            let principles = section.principles()
            let because = section.required("because", section.text("because"), hint: "say why the data are needed")
            section.end()
            sideCar.attestation = because.map { Label.Attestation(principles: principles, because: $0) }
        }
    }
}

/// Protocol 2.4(a).
private enum Principle: String, CaseIterable {
    case lawfulness, fairness, transparency, minimisation, accuracy
    case purposeLimitation = "purpose-limitation"
}

extension Section {
    fileprivate func principles() -> [String] {
        let ids = required("principles", ids("principles"), hint: "list those that you have checked") ?? []
        Repeated.check(ids, "principles", self)
        let known = Principle.allCases.map(\.rawValue)
        for id in ids where !known.contains(id) {
            log.error(
                "\"\(path("principles"))\" holds \"\(id)\", which is none of them",
                hint: "known here: " + known.joined(separator: ", "), at: mark(of: "principles"))
        }
        return ids
    }
}
