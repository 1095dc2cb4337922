internal import ArgumentParser
internal import Exchange
internal import Premises
internal import Vocabulary

struct RejectVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Decide not to share a held file, and say why.",
        discussion: """
            A decision not to share is recorded like a decision to share. Under Children Act 2004 s.16LA(3) say why \
            disclosing would be more detrimental to the child than not disclosing. The file stays in held/.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Option(help: "Your reason; - reads it from standard input.") var because: String
    @Option(
        help: ArgumentHelp(
            "The test of Children Act 2004 s.16LA: \(NotSharing.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "test"))
    var test: NotSharing?

    func run() async throws {
        let decision = try Decision(because)
        let (id, _) = try await decision.tell({ .reject(id: $0, because: $1, test: test) }, id, installation)
        Terminal.complain("Recorded: not shared. It stands in the ledger: waybill ledger show \(Words.short(id))")
    }
}

extension NotSharing: ExpressibleByArgument {}
