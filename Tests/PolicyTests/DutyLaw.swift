import Policy
import Vocabulary

/// The grounds of Article 14 with their real dates and needs, and bank holidays of England around the new year of 2027.
enum DutyLaw {
    static func catalogue() throws -> Catalogue {
        Catalogue(
            version: "test", sha256: try Digest([UInt8](repeating: 1, count: 32)),
            .init(entries: try grounds() + others()))
    }

    static func workingDays() throws -> WorkingDays {
        let days = ["2026-04-03", "2026-04-06", "2026-12-25", "2026-12-28", "2027-01-01"]
        return WorkingDays(bankHolidays: Set(try days.map { try CalendarDate($0) }))
    }

    private static func grounds() throws -> [CatalogueEntry] {
        [
            try ground("14-5-a", needs: ["sender-informed"]),
            try ground("14-5-b", to: "2026-02-04", needs: ["reason", "public-notice"]),
            try ground("14-5-c", needs: ["gateway"]), try ground("14-5-d", needs: ["duty"]),
            try ground("14-5-e", from: "2026-02-05", needs: ["reason", "public-notice"]),
            try ground("14-5-f", temporary: true, from: "2026-02-05", needs: ["reason", "public-notice"]),
            try ground("S2-2", temporary: true, needs: ["prejudice"]),
            try ground("S2-2-3", temporary: true, needs: ["sender-exempt"]),
            try ground("S2-5", needs: ["reference"]), try ground("S2-7", temporary: true, needs: ["function"]),
            try ground("S3-3", needs: ["reference"]), try ground("X-1"),
            try ground("X-2", needs: ["gateway", "public-notice"]), try ground("X-3", needs: ["an oath"]),
        ]
    }

    private static func others() throws -> [CatalogueEntry] {
        [
            try row("CA89-47", .gateway), try row("CA04-16LA", .gateway, .enactedNotInForce),
            try row("S3-5", .article15Exemption), try row("S3-11", .article15Exemption),
            try row("S3-19", .article15Exemption), try row("S3-21", .article15Exemption),
            try row("S4", .article15Exemption),
        ]
    }

    private static func ground(
        _ id: String, temporary: Bool = false, from: String? = nil, to: String? = nil, needs: [String] = []
    ) throws -> CatalogueEntry {
        var entry = try row(id, .article14Ground, from: from, to: to)
        entry.facts.temporary = temporary
        entry.facts.needs = needs
        return entry
    }

    private static func row(
        _ id: String, _ kind: CatalogueEntry.Kind, _ status: CatalogueEntry.Status = .inForce, from: String? = nil,
        to: String? = nil
    ) throws -> CatalogueEntry {
        CatalogueEntry(
            id: id, kind: kind, label: "words of \(id)", citation: "citation of \(id)",
            force: .init(status, from: try from.map(CalendarDate.init), to: try to.map(CalendarDate.init)))
    }
}
