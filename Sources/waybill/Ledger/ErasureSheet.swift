internal import Exchange
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings
internal import Vocabulary

/// What would be erased, or was, and what not: for a person or as JSON.
struct ErasureSheet {
    private let premises: InstalledAgency
    private let wish: EraseWish
    private let json: Bool
    private let isDone: Bool
    private var table = Table([
        .init("ID (END)"), .init("WAY"), .init("PARTNER"), .init("STATE"), .init("SINCE (UTC)"), .init("LAST (UTC)"),
        .init("DETAILS", .right), .init("FILES", .right), .init("ABOUT", most: 60), .init("NAME", most: 60),
    ])
    private var paths: [String] = []
    private var kept: [String] = []
    private var inSpite: [String] = []
    private(set) var count = 0

    init(_ premises: InstalledAgency, _ wish: EraseWish, json: Bool, isDone: Bool) {
        (self.premises, self.wish, self.json, self.isDone) = (premises, wish, json, isDone)
    }

    /// - Parameter refused: by id, what the daemon would not erase after all.
    mutating func add(_ plan: ErasurePlan, refused: [String: String]) {
        for going in plan.going {
            let why = refused[going.candidate.record.key.id.text]
            if let why { keep(going.candidate, why) } else { add(going) }
        }
        for (candidate, why) in plan.kept { keep(candidate, why) }
    }

    private mutating func add(_ going: ErasurePlan.Going) {
        let (candidate, record) = (going.candidate, going.candidate.record)
        count += 1
        if json { return Terminal.say(Self.json(candidate, going, why: nil, isDone: isDone).line) }
        paths += going.files
        inSpite += going.concerns.map { "\(Words.short(record.key.id))  \($0)" }
        table.add([
            Words.short(record.key.id), record.key.direction.rawValue, record.key.partner.text, record.state.rawValue,
            Words.moment(record.claimedAt), Words.moment(candidate.lastAt), String(candidate.details),
            String(going.files.count), candidate.persons.joined(separator: " "), record.name ?? "",
        ])
    }

    private mutating func keep(_ candidate: ErasureCandidate, _ why: String) {
        if json { return Terminal.say(Self.json(candidate, nil, why: why, isDone: false).line) }
        let name = candidate.record.name.map { " (\($0))" } ?? ""
        kept.append("\(Words.short(candidate.record.key.id))\(name)  \(why)")
    }

    private static func json(
        _ candidate: ErasureCandidate, _ going: ErasurePlan.Going?, why: String?, isDone: Bool
    ) -> JSONText {
        let record = candidate.record
        return .object([
            ("id", .text(record.key.id.text)), ("direction", .text(record.key.direction.rawValue)),
            ("partner", .text(record.key.partner.text)), ("state", .text(record.state.rawValue)),
            ("claimedAt", .time(record.claimedAt)), ("lastAt", .time(candidate.lastAt)),
            ("details", .number(Int64(candidate.details))), ("files", .texts(going?.files ?? [])),
            ("name", .text(record.name)), ("about", .texts(candidate.persons)),
            ("concerns", .texts((going?.concerns ?? []).map(\.description))), ("erasable", .flag(why == nil)),
            ("erased", .flag(isDone)), ("why", .text(why)),
        ])
    }
}

extension ErasureSheet {
    func show() {
        if json { return }
        if !isDone { Terminal.complain("Nothing has been erased yet. This would be:") }
        table.show()
        Self.show(isDone ? "Files that went too" : "Files that go too", paths + unseen)
        Self.show("In spite of this, on the word of two officers", inSpite)
        showKept()
        Self.show("What stays", stays)
        guard !isDone else { return }
        Self.show(
            "How long it takes",
            [
                "Every page of the ledger is written anew: \(Words.bytes(size)), and as much free space is needed for it.",
                "Reckon with a minute for each 5 GiB. New entries wait meanwhile, and so do deliveries.",
            ])
    }

    private var size: Int64 {
        let (folder, file) = InstalledAgency.split(premises.folders.ledger)
        guard let name = FileName(file) else { return 0 }
        return (try? Folder(folder).lookup(name))??.size ?? 0
    }

    func showKept() {
        Self.show("Not erased", kept)
        guard !kept.isEmpty, wish.selector != .reference else { return }
        Self.show(
            "What can be done about those",
            [
                "Where others are named: waybill erase --subject REF --reference-only takes one person's reference out alone.",
                "Where the law asks for the whole record: --although --ground G --requester R --second ACCOUNT.",
                "Whom to ask: whoever looks after information governance here.",
            ])
    }

    /// Folders that this account may not look into.
    private var unseen: [String] {
        if wish.selector == .reference { return [] }
        return [premises.folders.sent, premises.folders.held].filter { (try? Folder($0).entries()) == nil }
            .map { "\($0): you may not look there, so their names are not shown; they go too." }
    }

    private var stays: [String] {
        if wish.selector == .reference {
            return [
                "The record without this reference: its parties, times, name, purpose, receipt, other people, and what is owed "
                    + "to them. Its name, if the reference stands in it: then erase the record.",
                "The signed waybill does not: the reference stands in it. No new proof of it can be made; prove it first if "
                    + "one may be needed (waybill prove ID).",
                "The file itself, in sent/ and in the inbox, and what partners hold.",
                "Older backups of the ledger: make a new one now (waybill ledger backup FILE) and destroy those before.",
            ]
        }
        return [
            "Files in the inbox: they belong to their readers, who destroy their own copies.",
            "What partners hold: their ledgers and files are theirs. waybill recall ID asks for a file back.",
            "Proofs that were handed out: they verify as before, and hold what they held.",
            "Older backups of the ledger: make a new one now (waybill ledger backup FILE) and destroy those before.",
        ]
    }

    private static func show(_ title: String, _ lines: [String]) {
        guard !lines.isEmpty else { return }
        Terminal.say(Terminal.paint("\n\(title)", .bold))
        for line in lines { Terminal.say("  \(Terminal.clean(line))") }
    }
}
