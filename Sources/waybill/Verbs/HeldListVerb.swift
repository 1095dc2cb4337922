internal import ArgumentParser
internal import Ledger
internal import Premises
internal import Vocabulary

struct HeldListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "What is held: urgent files first, oldest last. Ends with 1 if nothing is.")

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object a line: as ledger list, and `why`.") var json = false

    func run() async throws {
        let held = try await LedgerAtHand(installation.premises()).all(.held)
        let records = held.filter(\.isEmergency) + held.filter { !$0.isEmergency }
        guard !records.isEmpty else {
            Terminal.complain("Nothing is held.")
            throw Answer.no
        }
        if json {
            for record in records { Terminal.say(JSONText.object(record.heldMembers).line) }
        } else {
            table(records).show()
            Terminal.complain(
                "The reasons in full: waybill held show ID. Then: waybill release ID --because TEXT, or reject")
        }
    }

    private func table(_ records: [ConsignmentRecord]) -> Table {
        var table = Table([
            .init("ID (END)"), .init("SINCE (UTC)"), .init("PARTNER"), .init("ROUTE"), .init("STATE"),
            .init("NAME", most: 40), .init("WHY", most: Terminal.isScreen ? 60 : 0),
        ])
        for record in records {
            table.add([
                Words.short(record.key.id), Words.moment(record.claimedAt), record.key.partner.text, record.route.text,
                record.isEmergency ? "URGENT, \(record.state.rawValue)" : record.state.rawValue,
                record.name ?? "(erased)", Findings(record.why).short,
            ])
        }
        return table
    }
}

extension LedgerFilter {
    /// Waiting for a person.
    static var held: LedgerFilter {
        var filter = LedgerFilter()
        filter.direction = .sent
        filter.states = [.held, .blocked]
        return filter
    }
}

extension ConsignmentRecord {
    var heldMembers: [(String, JSONText)] {
        let reasons = Findings(why).all.map { reason -> JSONText in
            switch reason {
            case .finding(let finding): .json(finding.json)
            case .sentence(let text): .object([("found", .text(text))])
            }
        }
        return RecordFields(record: self).members + [("why", .array(reasons))]
    }
}
