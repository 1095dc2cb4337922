internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

/// The acts about files that arrive, and about what the ledgers say then.
extension DemoStory {
    func deliver() async throws {
        teller.title("A practitioner drops two files")
        let folder = stockton.outbox(police, "strategy-meeting")
        try await wait(for: folder, "The outbox did not appear.")
        try await wait(for: stockton.outbox(tewv, "early-help"), "The outbox did not appear.")
        teller.tell("At Stockton, into stockton/outbox/cleveland-police/strategy-meeting/: \"\(Self.minutes)\".")
        let dropped = ContinuousClock.now
        try drop(DemoFiles.minutes, as: Self.minutes, into: folder)
        try drop(DemoFiles.assessment, as: Self.assessment, into: stockton.outbox(tewv, "early-help"))
        let arrived = "\(police.inbox(stockton, "strategy-meeting"))/\(Self.minutes)"
        try await wait(for: arrived, "The file did not arrive.")
        let arrival = ContinuousClock.now - dropped
        try await showReceipt(since: dropped, arrival)
        try await wait(for: "\(tewv.inbox(stockton, "early-help"))/\(Self.assessment)", "The file did not arrive.")
        teller.tell("And into outbox/tewv/early-help/: \"\(Self.assessment)\", which lies at the trust by now.")
        try await showLabel()
    }

    private func showReceipt(since dropped: ContinuousClock.Instant, _ arrival: Duration) async throws {
        let route = "\(stockton.root)/sent/\(police.id)/strategy-meeting"
        let notes = { try FileSystem.names(in: route).map { "\(route)/\($0)/\(Self.minutes).receipt.txt" } }
        try await DemoWait.until("No receipt came.", seconds: 10) { try notes().contains(where: FileSystem.exists) }
        let receipt = ContinuousClock.now - dropped
        teller.tell(
            """
            It lies in cleveland-police/inbox/stockton/strategy-meeting/ \(DemoTeller.milliseconds(arrival)) after the drop, \
            whole; their signed receipt lies beside the original in stockton/sent/ after \(DemoTeller.milliseconds(receipt)):
            """)
        for note in try notes() where FileSystem.exists(note) {
            teller.show(String(decoding: try FileSystem.read(note), as: UTF8.self), atMost: 8)
        }
    }

    private func showLabel() async throws {
        teller.title("What the police see of it, besides the file")
        var filter = LedgerFilter()
        filter.name = Self.minutes
        let record = try await record(of: police, filter)
        let premises = try police.premises()
        let history = History(record: record, events: try await LedgerAtHand(premises).reader.events(of: record.key))
        guard let waybill = history.waybill else { return }
        teller.tell("Why it may lawfully be shared, signed by Stockton. Nobody filled in a form: the folder said it.")
        let words = LabelWords(waybill.label, try LawFiles.catalogue(premises.folders), on: waybill.signedAt.londonDate)
        for line in words.facts.lines(indent: "") { teller.show(line) }
    }

    func showLedgers() async throws {
        teller.title("All three ledgers tell the same story")
        for agency in stage.agencies {
            teller.command("waybill ledger list          (\(agency.id))")
            let ledger = try LedgerAtHand(agency.premises())
            var filter = LedgerFilter()
            filter.states = [.delivered]
            let expected = agency.id == stockton.id ? 2 : 1
            var records: [ConsignmentRecord] = []
            for _ in 0..<500 where records.count < expected {
                records = try await ledger.all(filter)
                if records.count < expected { try await Task.sleep(for: .milliseconds(10)) }
            }
            var table = RecordFields.table()
            for record in records { table.add(RecordFields(record: record).row) }
            for line in table.lines { teller.show(line) }
        }
        teller.tell("Every entry stands in a Merkle tree that nobody can rewrite unseen.")
        teller.command("waybill ledger check          (stockton)")
        teller.show(try await stage.waybill(["ledger", "check", "--config", stockton.configuration]))
    }

    func holdOne() async throws {
        teller.title("One file is held")
        let folder = stockton.outbox(tewv, "early-help")
        try drop(DemoFiles.letterLabel, as: "\(Self.letter).label.yaml", into: folder)
        try drop(DemoFiles.letter, as: Self.letter, into: folder)
        var filter = LedgerFilter.held
        filter.name = Self.letter
        let held = try await record(of: stockton, filter)
        teller.tell(
            """
            Somebody changes the label of a letter by hand (a side-car beside the file) and picks a basis that does not \
            carry. It does not leave the building; the reason names the law and what to do.
            """)
        let id = Words.short(held.key.id)
        teller.command("waybill held show \(id)")
        teller.show(try await stage.waybill(["held", "show", id, "--config", stockton.configuration]))
        let because = "The family has not agreed, and the trust can help without it."
        teller.command("waybill reject \(id) --because \"\(because)\"")
        teller.show(try await stage.waybill(["reject", id, "--because", because, "--config", stockton.configuration]))
        teller.tell("A decision not to share is recorded too, with the name of who took it.")
    }
}
