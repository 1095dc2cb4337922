internal import ArgumentParser
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings
internal import Vocabulary

struct SealVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal", abstract: "Write a consignment that is on its way to a file, to carry it by hand.",
        discussion: """
            For when the line to a partner is down. Drop the file into the outbox as always, so that it is labelled, signed \
            and in the ledger; then seal it here, onto a stick say. The partner takes it in with waybill open and gives back \
            a receipt; waybill receipt takes that in. If the line comes back first, the same consignment goes by it, and \
            the partner keeps one file. Reads only; works with the daemon running or not, as the daemon's user. The \
            consignment is sealed to the partner: nobody else can open it.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "A consignment id (or 8 characters of either end), or the file itself, found by its SHA-256.")
    var what: String
    @Option(
        help: "The file to write, such as /media/stick/minutes.consignment; never overwritten.", completion: .file())
    var out: String

    func run() async throws {
        let premises = try installation.premises()
        let ledger = try LedgerAtHand(premises)
        let record = try await find(ledger)
        guard let signed = try await ledger.reader.statement(.signed, of: record.key) else {
            throw Trouble(
                "It is not signed yet.", why: "\(record.key.id) is \(record.state.rawValue).",
                fix: "Wait a moment: waybill status")
        }
        let path = InstalledAgency.absolute(out)
        try await SealedFile(premises, record, signed: signed, at: WallClock.now()).write(to: path) { done, all in
            Terminal.progress("sealing \(Words.bytes(done)) of \(Words.bytes(all))")
        }
        Terminal.endProgress()
        Terminal.say(path)
        Terminal.complain(
            """
            Sealed to \(record.key.partner), synced, and not yet delivered. There: waybill open \(InstalledAgency.split(path).file)
            Then bring back the receipt that is written beside it: waybill receipt FILE
            """)
    }

    private func find(_ ledger: LedgerAtHand) async throws -> ConsignmentRecord {
        var filter = LedgerFilter()
        filter.direction = .sent
        let isFile = FileSystem.exists(InstalledAgency.absolute(what))
        if isFile {
            filter.sha256 = try FileDigest.of(what)
            filter.states = [.signed, .dispatching]
        }
        let records = isFile ? try await ledger.all(filter) : try await ledger.find(what, filter)
        guard let record = records.first else {
            Terminal.complain(
                "No file with this SHA-256 is on its way. Drop it into the outbox first; see waybill status")
            throw Answer.no
        }
        guard records.count == 1 else {
            let list = records.map { "\($0.key.id) to \($0.key.partner)" }.joined(separator: "\n    ")
            throw Trouble(
                "This file is on its way more than once.", why: "They are\n    \(list)", fix: "Name one by its id.")
        }
        guard record.state == .signed || record.state == .dispatching else {
            throw Trouble(
                "\(record.key.id) is not on its way.", why: "It is \(record.state.rawValue).",
                fix: "See: waybill ledger show \(Words.short(record.key.id))")
        }
        return record
    }
}
