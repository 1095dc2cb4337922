internal import ArgumentParser
internal import Premises
internal import Vocabulary

// What a recipient's person says of a file that came: each becomes a signed statement to the sender.

/// Which consignment is meant.
struct ReceivedOptions: ParsableArguments {
    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Option(help: "Its sender, if two partners used one id.", transform: AgencyID.init) var partner: AgencyID?

    func say(_ answer: (ConsignmentID, AgencyID?, String) -> ControlRequest, _ because: String) async throws {
        _ = try await Decision(because).tell({ answer($0, partner, $1) }, id, installation, of: .received)
    }
}

struct AcceptVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Tell the sender that a file has been taken on.",
        discussion: """
            For what your agency will act on. Not needed: that a file was collected from the inbox is told by itself. Not for \
            what was asked back: answer that with waybill destroyed or waybill retained.
            """)

    @OptionGroup var received: ReceivedOptions
    @Option(help: "What you make of it. The sender reads it: no names; - reads it from standard input.") var because:
        String?

    func run() async throws {
        let because = try because.map { try Decision($0).because }
        _ = try await Decision.tell(
            { .accept(id: $0, partner: received.partner, because: because) }, received.id, received.installation,
            of: .received)
        Terminal.complain("Signed: accepted. The sender is being told.")
    }
}

struct DestroyedVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroyed", abstract: "Answer a recall: every copy is destroyed.",
        discussion: """
            Removes the file from the inbox if it is still there, and signs that every copy under your agency's control is \
            destroyed. Destroy copies elsewhere (case system, print, mail) before you say so.
            """)

    @OptionGroup var received: ReceivedOptions
    @Option(help: "What was done. The sender reads it: no names; - reads it from standard input.") var because: String

    func run() async throws {
        try await received.say(ControlRequest.destroyed, because)
        Terminal.complain("Signed: destroyed. The sender is being told.")
    }
}

struct RetainedVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retained", abstract: "Answer a recall: it is kept, and why.")

    @OptionGroup var received: ReceivedOptions
    @Option(
        help: "The duty or power under which it is kept. The sender reads it: no names; - reads it from standard input."
    ) var because: String

    func run() async throws {
        try await received.say(ControlRequest.retained, because)
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

    @OptionGroup var received: ReceivedOptions
    @Option(help: "Why you think so. The sender reads it: no names; - reads it from standard input.") var because:
        String

    func run() async throws {
        try await received.say(ControlRequest.misdirected, because)
        Terminal.complain("Signed: misdirected. The sender is being told.")
    }
}
