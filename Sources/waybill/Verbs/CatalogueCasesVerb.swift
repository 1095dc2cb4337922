internal import ArgumentParser
internal import Exchange
internal import Law
internal import Policy

struct CatalogueCasesVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases", abstract: "Does policy decide these cases as people expect?",
        discussion: """
            Runs a file of cases, such as Catalogue/cases.yaml, against the catalogue and agreements of the \
            installation, or those that Waybill ships. Ends with 1 if any is decided otherwise.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The cases.", completion: .file(extensions: ["yaml"])) var file: String
    @Flag(help: "Against the law that Waybill ships, whatever is installed.") var shipped = false

    func run() throws {
        let law = try LawAtHand.load(installation, shipped: shipped)
        let cases = try CaseFile.read(LawAtHand.read(file), file: file, catalogue: law.catalogue).get()
        let wrong = cases.compactMap { $0.run(catalogue: law.catalogue, agreements: law.agreements) }
        for mismatch in wrong { Terminal.say(Terminal.cleanLines("\(file): \(mismatch.description)")) }
        let count = Words.count(cases.count, "case", "cases")
        let result = wrong.isEmpty ? "all decided as expected" : "\(wrong.count) decided otherwise"
        Terminal.complain("\(count) under catalogue \(law.catalogue.version): \(result).")
        if !wrong.isEmpty { throw Answer.no }
    }
}
