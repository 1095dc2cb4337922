internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Ledger
internal import Premises
internal import Settings
internal import Vocabulary

struct HeldShowVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Why one file is held, where it lies, and what can be done.")

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let premises = try installation.premises()
        var filter = LedgerFilter()
        filter.direction = .sent
        for record in try await LedgerAtHand(premises).find(id, filter) {
            guard record.state == .held || record.state == .blocked else {
                Terminal.complain(
                    "\(record.key.id) is not held: it is \(record.state.rawValue). See: waybill ledger show \(record.key.id)"
                )
                throw Answer.no
            }
            if json {
                let place = HeldPlace(premises.folders.held).path(of: record)
                Terminal.say(JSONText.object(record.heldMembers + [("path", .text(place))]).line)
            } else {
                show(record, premises)
            }
        }
    }

    private func show(_ record: ConsignmentRecord, _ premises: InstalledAgency) {
        let isBlocked = record.state == .blocked
        Terminal.say(Terminal.paint(isBlocked ? "BLOCKED" : "HELD", isBlocked ? .red : .yellow) + "  \(record.key.id)")
        Facts([
            ("file", record.name), ("for", record.key.partner.text), ("route", record.route.text),
            ("since", Words.moment(record.claimedAt) + " UTC"), ("size", Words.bytes(record.size)),
            ("lies in", HeldPlace(premises.folders.held).path(of: record) ?? "(not found in \(premises.folders.held))"),
        ]).show()
        Terminal.say("")
        for reason in Findings(record.why).all { reason.show() }
        Terminal.say("")
        let id = Words.short(record.key.id)
        if isBlocked || Findings(record.why).isFinal {
            Terminal.say("This cannot be released. To record the decision:  waybill reject \(id) --because \"...\"")
        } else {
            Terminal.say("Send it all the same:   waybill release \(id) --because \"...\"")
            Terminal.say("Decide not to share it: waybill reject \(id) --because \"...\"")
        }
    }
}

/// Finds a held file on disk: by inode, size and time, because a name there may be numbered.
struct HeldPlace {
    private let root: String

    init(_ root: String) { self.root = root }

    func path(of record: ConsignmentRecord) -> String? {
        let route = "\(root)/\(record.key.partner)/\(record.route)"
        for day in ((try? FileSystem.names(in: route)) ?? []).reversed() {
            guard let folder = try? Folder("\(route)/\(day)") else { continue }
            for name in (try? folder.entries()) ?? [] where (try? folder.lookup(name))??.isMarked(record.inode) == true
            {
                return name.text.map { "\(route)/\(day)/\($0)" }
            }
        }
        return nil
    }
}
