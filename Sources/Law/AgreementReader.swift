package import Policy
package import Vocabulary

/// `agreements/ID.yaml` -> `Agreement`, checked against a catalogue.
package enum AgreementReader {
    /// - Parameters:
    ///   - bytes: The file.
    ///   - file: Its name, for messages.
    ///   - sha256: Of `bytes`; labels pin it.
    ///   - catalogue: The words that routes may use.
    package static func read(
        _ bytes: [UInt8], file: String, sha256: Digest, catalogue: Catalogue
    ) -> Reading<Agreement> {
        let log = ProblemLog(file: file)
        guard let top = Document.open(bytes, log: log) else { return log.reading(nil) }
        log.lines = top.lines
        let agreement = read(top, sha256, Words(catalogue: catalogue, log: log))
        top.end()
        return log.reading(agreement)
    }

    private static func read(_ top: Section, _ sha256: Digest, _ words: Words) -> Agreement? {
        let id = top.required("agreement", top.agency("agreement"), hint: "add a line such as `agreement: tees-tier-2`")
        let version = top.required("version", top.id("version"))
        let valid = top.section("valid")
        if valid == nil, top.node("valid") == nil { top.missing("valid", hint: "add valid: { from: 2026-04-01 }") }
        let from = valid.flatMap { $0.required("from", $0.date("from")) }
        let pinned = Label.Pinned(id: id?.text ?? "", version: version ?? "", sha256: sha256)
        var agreement = Agreement(pinned, validFrom: from ?? CalendarDate(daysSince1970: 0))
        agreement.title = top.text("title")
        agreement.under = under(top, id?.text)
        dates(valid, isDated: from != nil, &agreement)
        agreement.parties = parties(top, words)
        agreement.purposes = purposes(top, words)
        agreement.policyDocument = policyDocument(top)
        agreement.dpia = assessment(top)
        agreement.routes = RouteRows.read(top, agreement.purposes, words)
        return agreement
    }

    private static func under(_ top: Section, _ id: String?) -> String? {
        guard let under = top.id("under") else { return nil }
        if under == id {
            top.log.error(
                "agreement \"\(under)\" stands under itself", hint: "name the tier 1 agreement",
                at: top.mark(of: "under"))
        }
        return under
    }

    private static func purposes(_ top: Section, _ words: Words) -> [String] {
        let purposes = top.required("purposes", top.ids("purposes"), hint: "add purposes: [pu-3, ...]") ?? []
        words.check(purposes, [.purpose], "purposes", top)
        Repeated.check(purposes, "purposes", top)
        return purposes
    }

    /// A wrong `valid.from` is one mistake, not three.
    private static func dates(_ valid: Section?, isDated: Bool, _ agreement: inout Agreement) {
        guard let valid else { return }
        agreement.validTo = valid.date("to")
        agreement.reviewBy = valid.date("review-by")
        for (key, date) in [("to", agreement.validTo), ("review-by", agreement.reviewBy)] {
            if let date, isDated, date < agreement.validFrom {
                valid.log.error(
                    "\"valid.\(key)\" lies before \"valid.from\"", hint: "swap them", at: valid.mark(of: key))
            }
        }
        if let last = agreement.validTo, let review = agreement.reviewBy, last < review {
            valid.log.warning(
                "\"valid.review-by\" lies after \"valid.to\": nobody will be reminded",
                hint: "set a day before \(last)", at: valid.mark(of: "review-by"))
        }
        valid.end()
    }

    private static func policyDocument(_ top: Section) -> Agreement.PolicyDocument? {
        guard let section = top.section("appropriate-policy-document") else { return nil }
        let id = section.required("id", section.id("id"))
        let (sha256, reviewBy) = (section.digest("sha256"), section.date("review-by"))
        section.end()
        return id.map { Agreement.PolicyDocument(id: $0, sha256: sha256, reviewBy: reviewBy) }
    }

    private static func assessment(_ top: Section) -> Agreement.Assessment? {
        guard let section = top.section("dpia") else { return nil }
        let id = section.required("id", section.id("id"))
        let reviewBy = section.date("review-by")
        section.end()
        return id.map { Agreement.Assessment(id: $0, reviewBy: reviewBy) }
    }

    /// Ids, or `{ id, signed, left }` for those that came later or went earlier.
    private static func parties(_ top: Section, _ words: Words) -> [Agreement.Party] {
        guard let list = top.list("parties") else {
            if top.node("parties") == nil { top.missing("parties", hint: "add parties: [hartlepool, ...]") }
            return []
        }
        var parties: [Agreement.Party] = []
        for node in list {
            guard let party = PartyRow.read(node, top) else { continue }
            if parties.contains(where: { $0.id == party.id && $0.validity.overlaps(party.validity) }) {
                top.log.error("\"\(party.id)\" stands twice in parties", hint: "keep one", at: node.position)
            }
            words.check(party, at: node.position)
            parties.append(party)
        }
        return parties
    }
}
