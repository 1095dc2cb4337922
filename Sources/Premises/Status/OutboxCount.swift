internal import Folders
package import Vocabulary

/// How many files wait in the outbox, by looking there: while the daemon is down nobody else knows.
package enum OutboxCount {
    /// `{"cleveland-police/urgent": 3}`, without routes where nothing waits; nil if there is any that may not be looked
    /// at: a number that leaves some out is worse than none.
    package static func json(_ outbox: String) -> JSON? {
        guard let folder = try? Folder(outbox), let counts = try? counts(folder) else { return nil }
        return .object(counts.filter { $0.value > 0 }.mapValues(JSON.integer))
    }

    private static func counts(_ outbox: Folder) throws -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for partner in try folders(outbox) {
            let folder = try outbox.subfolder(partner)
            for route in try folders(folder) {
                guard let place = partner.text, let end = route.text else { continue }
                counts["\(place)/\(end)"] = Int64(try folder.subfolder(route).entries().count(where: isFile))
            }
        }
        return counts
    }

    private static func folders(_ folder: Folder) throws -> [FileName] {
        try folder.entries().filter { try folder.lookup($0)?.kind == .folder }
    }

    /// Not what stands beside a file: its label, and notes of ours.
    private static func isFile(_ name: FileName) -> Bool {
        guard let text = name.text else { return true }
        return text.first != "." && ![".label.yaml", ".label.json", ".not-sent.txt"].contains(where: text.hasSuffix)
    }
}
