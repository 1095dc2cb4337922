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
    ///
    /// - Parameter known: where it lies, if it is known.
    static func remove(_ claimed: ClaimedFile, _ agency: Agency, from known: Folder? = nil) {
        let parts = [claimed.partner.text, claimed.route.text, claimed.claimedAt.date.description]
        guard let folder = try? known ?? agency.layout.existing(.sent, parts) else { return }
        try? folder.remove(Names.note(claimed.name, suffix))
    }
}

extension Dispatcher {
    /// After 30 s undelivered a note beside the place where the file will be says why, and when it is tried next.
    func keepNotes() async {
        let pause = min(5, max(0.2, agency.rules.waitingNoteAfter / 4))
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(pause))
            // Not by the time of day, which may jump.
            let oldest = BootClock.now() - Int64(agency.rules.waitingNoteAfter * 1e9)
            let late = underway.all.filter { $0.since < oldest }
            alarmOfUrgent(late.filter(\.waybill.isEmergency))
            for item in late { await keepNote(item) }
        }
    }

    private func keepNote(_ item: Underway) async {
        let away = "\(partner) cannot be reached just now."
        let why =
            gate.isAway ? item.why ?? away : item.why ?? "It is being sent, or waits for larger files before it."
        guard why != item.noted, underway[item.waybill.id] != nil else { return }
        underway.change(item.waybill.id) { $0.noted = why }
        let claimed = item.waybill.weighed.claimed
        // What could not be written is written at the next round.
        if await !WaitingNotes.write(claimed, why: why, nextTry: item.nextAt, agency) {
            underway.change(item.waybill.id) { $0.noted = nil }
        }
        guard underway[item.waybill.id] == nil else { return }
        let agency = agency
        _ = try? await Blocking.run { WaitingNotes.remove(claimed, agency) }
    }

    /// Somebody has removed waiting notes: the next round writes them again.
    func forgetNotes() {
        for item in underway.all { underway.change(item.waybill.id) { $0.noted = nil } }
    }
}
