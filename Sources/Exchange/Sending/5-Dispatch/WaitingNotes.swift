internal import Folders
internal import Vocabulary

/// `NAME.waiting.txt`: a promise kept in sight of whoever dropped the file.
enum WaitingNotes {
    static let suffix = ".waiting.txt"

    /// - Parameter orElse: when it is tried again, where no time is known.
    /// - Returns: whether the note is there.
    @discardableResult static func write(
        _ claimed: ClaimedFile, why: String, nextTry: Instant?, orElse: String = "as soon as the connection is back",
        _ agency: Agency
    ) async -> Bool {
        let text = words(claimed, why: why, next: nextTry.map(Notes.moment) ?? orElse, agency)
        let written: Void? = try? await Blocking.run {
            let folder = try agency.layout.sent(claimed.partner, claimed.route, on: claimed.claimedAt.date)
            try DurableFile.write(
                Array(text.utf8), to: folder, Names.note(claimed.name, suffix), mode: 0o640, .unsynced)
        }
        return written != nil
    }

    private static func words(_ claimed: ClaimedFile, why: String, next: String, _ agency: Agency) -> String {
        let partner = claimed.partner
        guard !claimed.isUrgent else {
            return Notes.urgentWaiting(
                name: claimed.name, partner: partner, why: why, since: claimed.claimedAt,
                ring: agency.rules.contacts.whomToRing(partner))
        }
        return agency.danger(partner)
            + Notes.waiting(name: claimed.name, partner: partner, why: why, nextTry: next, since: claimed.claimedAt)
    }

    /// Those of a former life, wherever its clock put them: what still waits has a new one soon. Blocks.
    static func removeAll(of partner: AgencyID, _ route: RouteName, _ agency: Agency) throws {
        let way = [partner.text, route.text]
        for day in try agency.layout.existing(.sent, way)?.entries() ?? [] {
            guard let text = day.text, let folder = try agency.layout.existing(.sent, way + [text]) else { continue }
            for name in try folder.entries() where name.text?.hasSuffix(suffix) == true && isOurs(name, in: folder) {
                try folder.remove(name)
            }
        }
    }

    /// A file that somebody sent may be called so, too.
    private static func isOurs(_ name: FileName, in folder: Folder) -> Bool {
        guard let facts = try? folder.lookup(name), facts.kind == .regular, facts.owner == User.effective,
            let bytes = try? DurableFile.read(name, in: folder, atMost: 16 << 10)
        else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        // Also one that a power cut has emptied.
        return bytes.isEmpty || text.contains("NOT YET DELIVERED") || text.hasPrefix("URGENT, NOT DELIVERED")
    }

    /// Blocks. Nothing to remove is the usual case; no folder is made for it.
    static func remove(_ claimed: ClaimedFile, _ agency: Agency) {
        let parts = [claimed.partner.text, claimed.route.text, claimed.claimedAt.date.description]
        guard let folder = try? agency.layout.existing(.sent, parts) else { return }
        try? folder.remove(Names.note(claimed.name, suffix))
    }
}
