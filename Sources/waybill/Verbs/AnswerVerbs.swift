internal import ArgumentParser
internal import Vocabulary

// What a recipient's person says of a file that came: each becomes a signed statement to the sender.

struct DestroyedVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroyed", abstract: "Answer a recall: every copy is destroyed.",
        discussion: """
            Removes the file from the inbox if it is still there, and signs that every copy under your agency's control is \
            destroyed. Destroy copies elsewhere (case system, print, mail) before you say so.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Option(help: "What was done. The sender reads it: no names; - reads it from standard input.") var because: String

    func run() async throws {
        _ = try await Decision(because).tell("destroyed", id, installation, of: .received)
        Terminal.complain("Signed: destroyed. The sender is being told.")
    }
}

struct RetainedVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retained", abstract: "Answer a recall: it is kept, and why.")

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Option(
        help: "The duty or power under which it is kept. The sender reads it: no names; - reads it from standard input."
    ) var because: String

    func run() async throws {
        _ = try await Decision(because).tell("retained", id, installation, of: .received)
        Terminal.complain("Signed: kept. The sender is being told.")
    }
}

struct MisdirectedVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "misdirected", abstract: "Tell the sender that a file was not meant for you.",
        discussion: """
            Do not read on, do not pass it on. The sender opens an incident with 72 hours on the clock, and will ask you to \
            destroy it: waybill destroyed ID.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Option(help: "Why you think so. The sender reads it: no names; - reads it from standard input.") var because:
        String

    func run() async throws {
        _ = try await Decision(because).tell("misdirected", id, installation, of: .received)
        Terminal.complain("Signed: misdirected. The sender is being told.")
    }
}
