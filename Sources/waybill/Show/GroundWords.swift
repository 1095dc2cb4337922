internal import Policy
internal import Vocabulary

/// What a ground of Article 14 asks of whoever relies on it, in the options of `waybill notices`.
enum GroundWords {
    /// As the catalogue names what is needed; a word that this version does not know asks for a reason, as the daemon
    /// does.
    private static let options = [
        "date": "--on", "channel": "--channel", "notice-version": "--notice", "gateway": "--gateway",
        "duty": "--duty", "reference": "--ref", "function": "--function", "public-notice": "--public-notice",
        "sender-informed": "the sender's word or --because", "sender-exempt": "the sender's word or --ref",
    ]
    private static let reason = "--because"

    /// `defer only; needs --because, --ref`
    static func of(_ facts: CatalogueEntry.Facts) -> String {
        var seen = Set<String>()
        let needs = facts.needs.map { options[$0] ?? reason }.filter { seen.insert($0).inserted }
        let how = facts.temporary ? "defer only" : "close only"
        return "\(how); needs \(needs.isEmpty ? reason : needs.joined(separator: ", "))"
    }

    /// Nil for what is no ground of Article 14.
    static func of(_ row: CatalogueListing, _ catalogue: Catalogue, on day: CalendarDate) -> String? {
        guard row.kind == CatalogueEntry.Kind.article14Ground.rawValue else { return nil }
        return catalogue.standing(row.id, .article14Ground, on: day).entry.map { of($0.facts) }
    }
}
