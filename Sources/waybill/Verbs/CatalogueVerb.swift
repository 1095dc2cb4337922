internal import ArgumentParser

struct CatalogueVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue", abstract: "The dated vocabulary of law.",
        subcommands: [
            CatalogueListVerb.self, CatalogueDiffVerb.self, CatalogueDryRunVerb.self, CatalogueCasesVerb.self,
        ])
}
