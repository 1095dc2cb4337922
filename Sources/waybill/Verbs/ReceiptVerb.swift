internal import ArgumentParser
internal import Daemon
internal import Ledger
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
        let bytes = try FileSystem.read(Premises.absolute(file))
        let lock = try premises.lock()
        let room = try Backroom(premises)
        let record = try await HandedAnswer(premises, bytes).record(in: room.ledger)
        try await room.close()
        _ = consume lock
        Terminal.complain(
            "Verified and recorded: \(record.key.partner) \(record.state == .delivered ? "holds" : "refused") \(record.key.id)."
        )
        Terminal.complain(
            "Start waybilld: it moves the file and writes the note. Then: waybill prove \(Words.short(record.key.id)) --out DIR"
        )
    }
}
