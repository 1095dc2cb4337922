internal import ArgumentParser
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Vocabulary

struct EraseVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase what stands about consignments, and keep the proof that they were.",
        discussion: """
            Without --confirm nothing is changed: it lists what would go, what would not and why, and the command to type. \
            Names, labels, digests, statements and reasons go from the ledger, the copies in sent/ and held/ with their \
            notes, and what lies beside the file in the inbox. The file in the inbox stays: it belongs to its readers. The \
            entries stay, so checkpoints and all proofs made before verify as they did. It cannot be undone.

            Not erased is a record that names another person too, one whose review date is to come, and one of purpose pu-1 \
            or pu-3 whose label names nobody. Where the law asks for it all the same, two officers answer for it: \
            --although --ground \(Self.grounds) --requester \(Self.requesters) --second ACCOUNT.

            Better where others are named: --subject REF --reference-only takes one person's reference out of each record and \
            leaves the rest. What was signed with it goes, because nobody can take a word out of that; the receipt, the \
            parties, the times, the other people and what is owed to them stay. Ends with 1 if there is nothing to erase.
            """)

    private static let grounds = Erasure.Although.Ground.allCases.map(\.rawValue).joined(separator: "|")
    private static let requesters = Erasure.Although.Requester.allCases.map(\.rawValue).joined(separator: "|")

    @OptionGroup var installation: InstallationOptions
    @Option(help: "Everything about one person: the reference that labels carry.") var subject: String?
    @Option(help: "Everything to which nothing has happened since this day in England, or time.") var before: String?
    @Option(help: "One consignment: the id, or at least 8 characters of its beginning or end.") var id: String?
    @Option(help: "Your reason. It is kept for ever, so no names; - reads it from standard input.") var because: String
    @Flag(help: "Take out the reference of --subject alone.") var referenceOnly = false
    @Flag(help: "In spite of what speaks against it; with --ground, --requester and --second.") var although = false
    @Option(
        help: "The law by which it is asked for: UK GDPR 17(1)(a) to (e), DPA 2018 s.47(1) or (2), or a court's order.",
        completion: .list(Erasure.Although.Ground.allCases.map(\.rawValue)), transform: Self.word)
    var ground: Erasure.Although.Ground?
    @Option(
        help: "Who asked for it.", completion: .list(Erasure.Although.Requester.allCases.map(\.rawValue)),
        transform: Self.word)
    var requester: Erasure.Although.Requester?
    @Option(help: "The account of a second officer, who has seen this and agrees.") var second: String?
    @Flag(help: "Do it.") var confirm = false
    @Flag(help: "One JSON object a line.") var json = false

    func validate() throws {
        guard [subject, before, id].compactMap({ $0 }).count == 1 else {
            throw ValidationError("Choose one of --subject, --before and --id.")
        }
        if referenceOnly, subject == nil { throw ValidationError("--reference-only needs --subject REF.") }
        if referenceOnly, although {
            throw ValidationError("--reference-only leaves other people's record: no --although.")
        }
        let given = [ground != nil, requester != nil, second != nil]
        guard given.allSatisfy({ $0 == although }) else {
            throw ValidationError("--although needs --ground, --requester and --second, and they need it.")
        }
    }

    private static func word<Word: RawRepresentable & CaseIterable>(_ text: String) throws -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            throw ValidationError("known are " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    private var inSpite: Erasure.Although? {
        guard let ground, let requester, let second else { return nil }
        return Erasure.Although(ground: ground, requester: requester, second: second)
    }

    func run() async throws {
        let premises = try installation.premises()
        let reason = try Decision(because)
        let ledger = try LedgerAtHand(premises)
        let (wanted, selector) = try await wanted(ledger)
        let order = EraseWish(
            referenceOnly ? .reference : selector, subject: subject, because: reason.because, although: inSpite)
        let planner = ErasurePlanner(premises, order, ledger.reader)
        var sheet = ErasureSheet(premises, order, json: json, isDone: confirm)
        let wish = ErasureOrder(premises, order)
        try await ErasureSearch(ledger.reader).each(wanted) { candidates in
            let plan = try await planner.plan(candidates, at: WallClock.now())
            let refused = confirm ? try await wish.carryOut(plan.erasable) : [:]
            sheet.add(plan, refused: refused)
        }
        guard sheet.count > 0 else {
            sheet.showKept()
            Terminal.complain("There is nothing to erase.")
            throw Answer.no
        }
        sheet.show()
        if confirm { try await wish.finish() } else { Terminal.complain("\nTo do it: \(command)") }
    }

    private func wanted(_ ledger: LedgerAtHand) async throws -> (ErasureSearch.Wanted, Erasure.Selector) {
        if let subject { return (.subject(subject), .subject) }
        if let id {
            guard let record = try await ledger.find(id).first else { throw Answer.no }
            return (.consignment(record.key.id), .id)
        }
        let now = WallClock.now()
        do {
            let moment = try TimeText.read(before ?? "", .start, now: now)
            guard moment <= now else { throw ValidationError("--before lies ahead: nothing is that old.") }
            return (.before(moment), .before)
        } catch let wrong as Malformed {
            throw ValidationError("--before: \(wrong.why)")
        }
    }

    /// What the person typed, with the word that does it.
    private var command: String {
        let chosen = [("--subject", subject), ("--before", before), ("--id", id)].compactMap { name, value in
            value.map { "\(name) \(Self.quoted($0))" }
        }
        let config = installation.configuration.map { "--config \(Self.quoted($0)) " } ?? ""
        let alone = referenceOnly ? " --reference-only" : ""
        let inSpite = inSpite.map {
            " --although --ground \($0.ground.rawValue) --requester \($0.requester.rawValue) --second \(Self.quoted($0.second))"
        }
        return
            "waybill erase \(config)\(chosen.joined())\(alone)\(inSpite ?? "") --because \(Self.quoted(because)) --confirm"
    }

    /// For a shell.
    private static func quoted(_ text: String) -> String {
        "'\(Terminal.clean(text).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
    }
}

/// Has it done, by the daemon or here.
struct ErasureOrder {
    private let officer: Officer
    /// A daemon that dies in the middle finishes at its next start; nobody takes its place meanwhile.
    private let isRunning: Bool
    private let wish: EraseWish

    init(_ premises: InstalledAgency, _ wish: EraseWish) {
        (officer, self.wish) = (Officer(premises), wish)
        isRunning = premises.runningDaemon != nil
    }

    /// Returns what was refused after all, and why.
    func carryOut(_ keys: [ConsignmentKey]) async throws -> [String: String] {
        if keys.isEmpty { return [:] }
        let answer = try await ask(.erase(consignments: keys, wish: wish)) { agency, account, now in
            try await agency.eraser.carryOut(keys, wish, by: account, at: now).members
        }
        return (answer["refused"]?.members ?? [:]).compactMapValues(\.string)
    }

    private func ask(
        _ request: ControlRequest, orHere here: (OpenAgency, String, Instant) async throws -> [String: JSON]
    ) async throws -> [String: JSON] {
        isRunning ? try await officer.ask(request) : try await officer.ask(request, orHere: here)
    }

    /// Waits until files, pages and log are free of it.
    func finish() async throws {
        while true {
            let answer = try await ask(.finishErasing) { agency, _, _ in
                await agency.eraser.finish().members
            }
            switch answer["state"]?.string {
            case "done":
                Terminal.complain("Done: it is gone from the ledger's pages, its log and the folders.")
                return
            case "failed":
                throw Trouble(
                    "It is erased, but not yet gone from every page and folder.", why: answer["trouble"]?.string ?? "",
                    fix: "Mend that. waybilld tries again once an hour, and when it is started.")
            default: try await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
