internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Ledger
internal import Premises
internal import Vocabulary

struct ReceiptVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Take in a receipt or refusal that came back by hand.",
        discussion: """
            It is verified against the partner's pinned identity and the waybill, and recorded. The file moves to sent/ (or \
            held/, if it was refused) when waybilld starts. Only while waybilld is down; the running daemon fetches the \
            same receipt by itself once the line is back.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The file, such as minutes.receipt.p7s.", completion: .file(extensions: ["p7s"])) var file: String

    func run() async throws {
        let premises = try installation.premises()
        let bytes = try FileSystem.read(InstalledAgency.absolute(file))
        let record: ConsignmentRecord
        do {
            record = try await OpenAgency.offline(premises) { try await HandedAnswer(parsing: bytes).take($0.agency) }
        } catch {
            throw try words(error, premises)
        }
        Terminal.complain(
            "Verified and recorded: \(record.key.partner) \(record.state == .delivered ? "holds" : "refused") \(record.key.id)."
        )
        Terminal.complain(
            "Start waybilld: it moves the file and writes the note. Then: waybill prove \(Words.short(record.key.id)) --out DIR"
        )
    }

    private func words(_ error: any Error, _ premises: InstalledAgency) throws -> any Error {
        switch error {
        case HandedAnswer.Problem.notAnAnswer(let why):
            return Trouble(
                "This is neither a receipt nor a refusal.", why: why,
                fix: "Take the file that waybill open wrote: NAME.receipt.p7s")
        case HandedAnswer.Problem.notOurs(let key):
            return Trouble(
                "It answers nothing that we sent.", why: "\(key.id) to \(key.partner) is not in our ledger.",
                fix: "Is it for another agency?")
        case HandedAnswer.Problem.noPartner(let id):
            _ = try PartnerFacts(premises, at: WallClock.now()).require(id)
            return error
        case HandedAnswer.Problem.untrue(let id, let why):
            return Trouble(
                "It was not taken.", why: why,
                fix: "Ring \(id): their keys or their software are wrong, or the file was changed.")
        case let problem as OfficerProblem:
            return Trouble("It was not taken.", why: "\(problem)", fix: "Start waybilld, then: waybill recover")
        default: return error
        }
    }
}
