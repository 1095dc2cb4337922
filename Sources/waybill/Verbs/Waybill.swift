internal import ArgumentParser
internal import Folders
internal import Foundation
internal import Premises

/// Everything a person types, one verb a file. Under the name `waybilld` it is the daemon.
@main
struct Waybill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waybill", abstract: "Secure file exchange between public agencies.",
        discussion: "Drop a file into outbox/PARTNER/ROUTE/ and do nothing else; these commands are for the rest.",
        version: "0.1.0",
        subcommands: [
            InitVerb.self, CardVerb.self, PartnerVerb.self, DaemonVerb.self, StatusVerb.self, HeldVerb.self,
            ReleaseVerb.self, RejectVerb.self, RecallVerb.self, CorrectVerb.self, DestroyedVerb.self, RetainedVerb.self,
            MisdirectedVerb.self, AcceptVerb.self, DutiesVerb.self, NoticesVerb.self, FindVerb.self, EraseVerb.self,
            ReportVerb.self,
            LedgerVerb.self, RecoverVerb.self,
            ProveVerb.self, VerifyVerb.self, DemoVerb.self, KeysVerb.self,
            CatalogueVerb.self, AgreementVerb.self, LabelVerb.self, CheckVerb.self,
            SealVerb.self, OpenVerb.self, ReceiptVerb.self, ReloadVerb.self,
        ])

    static func main() async {
        // First of all, while there is one thread: threads and programs that are started have what is left.
        Capability.lowerAtStart()
        let name = CommandLine.arguments.first?.split(separator: "/").last ?? ""
        let arguments = Array(CommandLine.arguments.dropFirst())
        await run(name == "waybilld" ? ["daemon"] + arguments : arguments)
    }

    private static func run(_ arguments: [String]) async {
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error)
        }
    }

    /// 1 the answer is no, 2 usage, 3 could not.
    private static func leave(_ error: any Error) -> Never {
        if let answer = error as? Answer { Foundation.exit(answer.code) }
        switch exitCode(for: error) {
        case .success, .validationFailure:
            let isHelp = exitCode(for: error) == .success
            let text = fullMessage(for: error)
            if isHelp { print(text) } else { Terminal.complain(text) }
            Foundation.exit(isHelp ? 0 : 2)
        default:
            Terminal.complain("waybill: \(Explained.whole(error))")
            Foundation.exit(3)
        }
    }
}
