internal import Law
package import Vocabulary

/// Writes a partner's contacts into `waybill.yaml` as a careful person would: everything else stays as it is, comments
/// too.
package enum SettingsEdit {
    /// The lines that say it, for a person to put in by hand.
    package static func lines(_ contacts: Contacts, of partner: AgencyID) -> [String] {
        ["partners:", "  \(partner):"] + ContactRows.lines(contacts, indent: 4)
    }

    /// The file with the contacts in it; nil where its shape is not simple (`partners: { ... }` on one line, or contacts
    /// that stand there already).
    ///
    /// Whatever the lines look like: what is returned has been read again and says what it said before, and the contacts.
    package static func adding(_ contacts: Contacts, of partner: AgencyID, to text: String) -> String? {
        guard let before = read(text), before.partner(partner).contacts == Contacts() else { return nil }
        var expected = before
        expected.partners[partner, default: PartnerSettings()].contacts = contacts
        guard let edited = inserting(contacts, of: partner, into: text), read(edited) == expected else { return nil }
        return edited
    }

    private static func read(_ text: String) -> Installation? {
        InstallationReader.read(Array(text.utf8), file: "", folder: "/").value
    }

    private static func inserting(_ contacts: Contacts, of partner: AgencyID, into text: String) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let top = lines.firstIndex(where: { $0.hasPrefix("partners:") }) else {
            if lines.last == "" { lines.removeLast() }
            return (lines + Self.lines(contacts, of: partner) + [""]).joined(separator: "\n")
        }
        let inside = lines[(top + 1)...].prefix { isBlank($0) || indent($0) > 0 }
        let first = inside.first { !isBlank($0) }
        let depth = first.map(indent) ?? 2
        let own = inside.indices.first { lines[$0].hasPrefix(String(repeating: " ", count: depth) + "\(partner):") }
        guard let own else {
            let row = String(repeating: " ", count: depth) + "\(partner):"
            lines.insert(contentsOf: [row] + ContactRows.lines(contacts, indent: depth + 2), at: top + 1)
            return lines.joined(separator: "\n")
        }
        let child = lines[(own + 1)...].first { !isBlank($0) }.map(indent) ?? 0
        lines.insert(contentsOf: ContactRows.lines(contacts, indent: child > depth ? child : depth + 2), at: own + 1)
        return lines.joined(separator: "\n")
    }

    private static func indent(_ line: String) -> Int { line.utf8.prefix { $0 == UInt8(ascii: " ") }.count }

    /// Empty, or a comment.
    private static func isBlank(_ line: String) -> Bool {
        line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }.first.map { $0 == "#" } ?? true
    }
}
