internal import ArgumentParser

struct KeysVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Our own keys.",
        subcommands: [KeysListVerb.self, KeysRotateVerb.self, KeysRetireVerb.self])
}
