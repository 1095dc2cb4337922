internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Law
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

struct AgreementListVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Which agreements are loaded, until when, and which are to be reviewed.",
        discussion: "Warns 60 days ahead of the review of an agreement and of each document that it names.")

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
        let law = try LawFiles.load(installation.premises().folders)
        let today = WallClock.now().londonDate
        guard !law.agreements.isEmpty else {
            Terminal.complain("No agreement is loaded: every file would be held.")
            throw Answer.no
        }
        var table = Table([
            .init("ID"), .init("VERSION"), .init("TODAY"), .init("FROM"), .init("TO"), .init("REVIEW BY"),
            .init("PARTIES", .right), .init("ROUTES", .right), .init("TITLE"),
        ])
        for agreement in law.agreements {
            let state = agreement.inForce(on: today) ? "in force" : "not in force"
            if json {
                Terminal.say(JSONText.object(members(agreement, state, today)).line)
            } else {
                table.add([
                    agreement.id, agreement.version, state, agreement.validFrom.description,
                    agreement.validTo?.description ?? "-", agreement.reviewBy?.description ?? "-",
                    String(agreement.parties.count), String(agreement.routes.count), agreement.title ?? "",
                ])
            }
        }
        if !json { table.show() }
        for review in law.agreements.flatMap({ $0.reviews(on: today) }) where review.state.isAlarm {
            Terminal.complain(Terminal.clean(review.sentence))
        }
    }

    private func members(
        _ agreement: Agreement, _ state: String, _ today: CalendarDate
    ) -> [(String, JSONText)] {
        [
            ("id", .text(agreement.id)), ("version", .text(agreement.version)), ("sha256", .text(agreement.sha256.hex)),
            ("title", .text(agreement.title)), ("state", .text(state)),
            ("validFrom", .text(agreement.validFrom.description)),
            ("validTo", .text(agreement.validTo?.description)), ("reviewBy", .text(agreement.reviewBy?.description)),
            ("parties", .texts(agreement.parties.map(\.id.text))),
            ("routes", .texts(agreement.routes.map(\.name.text))),
            ("reviews", .array(agreement.reviews(on: today).map(Self.review))),
        ]
    }

    private static func review(_ review: Review) -> JSONText {
        .object([
            ("document", .text(review.document)), ("standing", .text(review.state.words)),
            ("alarm", .flag(review.state.isAlarm)),
        ])
    }
}
