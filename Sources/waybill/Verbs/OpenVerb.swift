internal import ArgumentParser
internal import Exchange
internal import Ledger
internal import Premises
internal import Settings
internal import Transport
internal import Vocabulary

struct OpenVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Take in a consignment that came by hand.",
        discussion: """
            Everything is verified as if it had come by the line; the file appears in the inbox and its label in \
            .waybills/, and the signed receipt is written beside the consignment (NAME.receipt.p7s) to be brought back. \
            Opening it again gives the same receipt. Only while waybilld is down; a running daemon takes in by itself what \
            lies on a share (partners: { ID: { transport: folder, path: DIR } }). Ends with 1 if we refuse it: the \
            signed refusal lies beside it then.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The file, such as minutes.consignment.", completion: .file(extensions: ["consignment"])) var file:
        String
    @Option(help: "Where the answer goes (else beside the consignment).", completion: .file()) var answer: String?

    func run() async throws {
        let premises = try installation.premises()
        let path = InstalledAgency.absolute(file)
        let (answer, record) = try await OpenAgency.offline(premises) { opened in
            try await opened.takeIn(StickBytes(path))
        }
        try tell(answer, record, path, premises)
    }

    private func tell(
        _ answer: ArrivalAnswer, _ record: ConsignmentRecord?, _ path: String, _ premises: InstalledAgency
    )
        throws
    {
        let stem = path.hasSuffix(".consignment") ? String(path.dropLast(12)) : path
        switch answer {
        case .receipt(let bytes, let isNew):
            let receipt = self.answer.map(InstalledAgency.absolute) ?? "\(stem).receipt.p7s"
            try FileSystem.write(bytes, to: receipt, mode: 0o644)
            guard let record else { return }
            let place = InboxPlace(record)?.path ?? ""
            Terminal.say("\(premises.folders.inbox)/\(record.key.partner)/\(Terminal.clean(place))")
            Terminal.complain(isNew ? "Verified and taken in." : "It was taken in before: this is the same receipt.")
            Terminal.complain("Give this back to \(record.key.partner): \(receipt)")
        case .refusal(let bytes, let reason):
            let refusal = self.answer.map(InstalledAgency.absolute) ?? "\(stem).refusal.p7s"
            try FileSystem.write(bytes, to: refusal, mode: 0o644)
            Terminal.complain(
                "Refused (\(reason.rawValue)): \(Terminal.clean(record?.why ?? "")) Give this back to the sender: \(refusal)"
            )
            throw Answer.no
        case .problem(let problem):
            throw Trouble(
                "It was not taken in.", why: problem.detail, fix: "Try again, or ask the sender to seal it again.")
        }
    }
}
