internal import Daemon
internal import Exchange
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Settings
internal import Vocabulary

/// What would be erased, or was, and what not: for a person or as JSON.
struct ErasureSheet {
    /// One consignment that goes.
    struct Going {
        let candidate: ErasureCandidate
        let files: [String]
    }

    struct Plan {
        let going: [Going]
        let kept: [(ErasureCandidate, String)]
        var erasable: [ConsignmentKey] { going.map(\.candidate.record.key) }
    }

    private let premises: Premises
    private let files: DeliveryFiles
    private let json: Bool
    private let isDone: Bool
    private var table = Table([
        .init("ID (END)"), .init("WAY"), .init("PARTNER"), .init("STATE"), .init("SINCE (UTC)"), .init("LAST (UTC)"),
        .init("DETAILS", .right), .init("FILES", .right),
    ])
    private var paths: [String] = []
    private var kept: [String] = []
    private(set) var count = 0

    init(_ premises: Premises, json: Bool, isDone: Bool) {
        (self.premises, self.json, self.isDone) = (premises, json, isDone)
        files = DeliveryFiles(premises.folders)
    }

    func plan(_ candidates: [ErasureCandidate]) throws -> Plan {
        var (going, kept): ([Going], [(ErasureCandidate, String)]) = ([], [])
        for candidate in candidates {
            let isInWork = try files.isInWork(candidate.record)
            let obstacle = candidate.obstacle ?? (isInWork ? .inWork : nil)
            if let obstacle {
                kept.append((candidate, "\(obstacle)"))
            } else {
                going.append(Going(candidate: candidate, files: try files.paths([candidate.record.file])))
            }
        }
        return Plan(going: going, kept: kept)
    }

    /// - Parameter refused: by id, what the daemon would not erase after all.
    mutating func add(_ plan: Plan, refused: [String: String]) {
        for going in plan.going {
            let why = refused[going.candidate.record.key.id.text]
            if let why { keep(going.candidate, why) } else { add(going) }
        }
        for (candidate, why) in plan.kept { keep(candidate, why) }
    }

    private mutating func add(_ going: Going) {
        let (candidate, record) = (going.candidate, going.candidate.record)
        count += 1
        if json { return Terminal.say(Self.json(candidate, going.files, why: nil, isDone: isDone).line) }
        paths += going.files
        table.add([
            Words.short(record.key.id), record.key.direction.rawValue, record.key.partner.text, record.state.rawValue,
            Words.moment(record.claimedAt), Words.moment(candidate.lastAt), String(candidate.details),
            String(going.files.count),
        ])
    }

    private mutating func keep(_ candidate: ErasureCandidate, _ why: String) {
        if json { return Terminal.say(Self.json(candidate, [], why: why, isDone: false).line) }
        kept.append("\(Words.short(candidate.record.key.id))  \(why)")
    }

    private static func json(
        _ candidate: ErasureCandidate, _ files: [String], why: String?, isDone: Bool
    ) -> JSONText {
        let record = candidate.record
        return .object([
            ("id", .text(record.key.id.text)), ("direction", .text(record.key.direction.rawValue)),
            ("partner", .text(record.key.partner.text)), ("state", .text(record.state.rawValue)),
            ("claimedAt", .time(record.claimedAt)), ("lastAt", .time(candidate.lastAt)),
            ("details", .number(Int64(candidate.details))), ("files", .texts(files)), ("erasable", .flag(why == nil)),
            ("erased", .flag(isDone)), ("why", .text(why)),
        ])
    }
}

extension ErasureSheet {
    func show() {
        if json { return }
        if !isDone { Terminal.complain("Nothing has been erased yet. This would be:") }
        table.show()
        Self.show(isDone ? "Files that went too" : "Files that go too", paths)
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
        let (folder, file) = Premises.split(premises.folders.ledger)
        guard let name = FileName(file) else { return 0 }
        return (try? Folder(folder).lookup(name))??.size ?? 0
    }

    func showKept() { Self.show("Not erased", kept) }

    private var stays: [String] {
        [
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
