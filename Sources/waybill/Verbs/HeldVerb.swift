internal import ArgumentParser

struct HeldVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "held", abstract: "Files that wait for a person, with the reasons.",
        subcommands: [HeldListVerb.self, HeldShowVerb.self])
}
