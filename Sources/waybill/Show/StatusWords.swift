internal import Ledger
internal import Vocabulary

/// `waybill status` for people.
struct StatusWords {
    private let report: [String: JSON]

    init(_ report: [String: JSON]) { self.report = report }

    func show() {
        headline()
        counts()
        outbox()
        weighing()
        underway()
        arriving()
        held()
        duties()
        troubles()
        alarms()
        telephones()
    }

    /// Whom to ring; `waybill partner show` has all numbers of one.
    private func telephones() {
        let numbers = report["telephone"]?.members ?? [:]
        guard !numbers.isEmpty else { return }
        Terminal.say(Terminal.paint("\nTelephone", .bold))
        for id in numbers.keys.sorted().prefix(20) { Terminal.say("  \(id): \(text(numbers[id]))") }
        if numbers.count > 20 { Terminal.say("  and \(numbers.count - 20) more: waybill partner show ID") }
    }

    private func headline() {
        let agency = Terminal.paint(text(report["agency"]), .bold)
        if report["running"]?.isTrue == true, report["why"] == nil {
            let pid = report["pid"]?.integer.map { " (process \($0))" } ?? ""
            Terminal.say("\(agency): " + Terminal.paint("waybilld is running", .green) + pid)
        } else {
            Terminal.say("\(agency): " + Terminal.paint(text(report["why"]), .yellow))
        }
    }

    private func counts() {
        if report["counts"] == nil { Terminal.say("  sent and received are not known: the ledger could not be read") }
        for (direction, word) in [("sent", "sent    "), ("received", "received")] where report["counts"] != nil {
            let states = report["counts"]?[direction]?.members ?? [:]
            let list = states.keys.sorted().map { "\(states[$0]?.integer ?? 0) \($0)" }
            Terminal.say("  \(word)  " + (list.isEmpty ? "nothing yet" : list.joined(separator: ", ")))
        }
        for (name, words) in [("held", "in held/"), ("sent", "in sent/")] {
            guard let files = report[name]?["files"]?.integer, let bytes = report[name]?["bytes"]?.integer, files > 0
            else {
                continue
            }
            Terminal.say(
                "  \(words)  \(Words.count(Int(files), "file", "files")) with the notes, \(Words.bytes(bytes))")
        }
    }

    private func outbox() {
        guard let counts = report["outbox"] else { return Terminal.say("  outbox    you may not look there") }
        let rows = counts.members.sorted { $0.key < $1.key }.map { "\(Terminal.clean($0)) \($1.integer ?? 0)" }
        if !rows.isEmpty { Terminal.say("  outbox    " + rows.joined(separator: ", ")) }
    }

    /// Large files that are being read before they go.
    private func weighing() {
        for item in report["weighing"]?.items ?? [] {
            let (done, size) = (item["done"]?.integer ?? 0, max(1, item["size"]?.integer ?? 1))
            Terminal.say(
                "  being weighed, \(done * 100 / size) %: \(text(item["name"])) (\(Words.bytes(size))) for "
                    + "\(text(item["partner"]))/\(text(item["route"]))")
        }
    }

    private func underway() {
        var table = Table([
            .init("ID (END)"), .init("PARTNER"), .init("ROUTE"), .init("SIZE", .right), .init("SINCE (UTC)"),
            .init("TRIES", .right), .init("NEXT TRY (UTC)"), .init("NAME", most: 30), .init("WHY NOT YET"),
        ])
        for partner in report["partners"]?.items ?? [] {
            let away = partner["away"]?.isTrue == true
            for item in partner["underway"]?.items ?? [] { table.add(row(item, of: text(partner["id"]), away)) }
        }
        guard !table.isEmpty else { return }
        Terminal.say(Terminal.paint("\nOn its way", .bold))
        table.show(indent: "  ")
    }

    /// What comes in, by partner: who holds most of this machine stands first.
    private func arriving() {
        let holders = (report["partners"]?.items ?? []).compactMap { partner -> (staged: Int64, words: String)? in
            let holds = partner["holds"]
            func count(_ name: String) -> Int64 { holds?[name]?.integer ?? 0 }
            let (memory, staged) = (count("memory"), count("staged"))
            guard memory > 0 || staged > 0 || count("arrivals") > 0 else { return nil }
            let arrivals = Words.count(Int(count("arrivals")), "file comes in", "files come in")
            let resting = count("resting") > 0 ? ", \(count("resting")) broken off" : ""
            return (
                staged,
                "  \(text(partner["id"])): \(arrivals)\(resting), \(Words.bytes(staged)) on the disk, \(Words.bytes(memory)) in "
                    + "memory, \(Words.count(Int(count("connections")), "connection", "connections"))"
            )
        }
        guard !holders.isEmpty else { return }
        Terminal.say(Terminal.paint("\nComing in", .bold))
        for holder in holders.sorted(by: { $0.staged > $1.staged }).prefix(20) { Terminal.say(holder.words) }
    }

    private func row(_ item: JSON, of partner: String, _ isAway: Bool) -> [String] {
        [
            String(text(item["id"]).suffix(12)), isAway ? "\(partner) (away)" : partner, text(item["route"]),
            Words.bytes(item["size"]?.integer ?? 0), moment(item["since"]), String(item["attempts"]?.integer ?? 0),
            moment(item["nextTry"]), text(item["name"]), text(item["why"]),
        ]
    }

    private func held() {
        let states = report["counts"]?["sent"]
        let count = ["held", "blocked"].reduce(0) { $0 + (states?[$1]?.integer ?? 0) }
        guard count > 0 else { return }
        let wait = count == 1 ? "1 file waits" : "\(count) files wait"
        Terminal.say("\n" + Terminal.paint("\(wait) for a person", .yellow) + ": waybill held list")
    }

    /// What is owed, the late ones in red: `waybill duties` lists them.
    private func duties() {
        guard let kinds = report["duties"]?.members else {
            let words =
                Terminal.paint("not known", .red) + ", because the ledger could not be read: ask again, or an officer"
            return Terminal.say(Terminal.paint("\nOwed", .bold) + ": " + words)
        }
        guard !kinds.isEmpty else { return }
        Terminal.say(Terminal.paint("\nOwed", .bold) + ": waybill duties list")
        for kind in Duty.Kind.allCases {
            guard let row = kinds[kind.rawValue], let open = row["open"]?.integer else { continue }
            let late = row["late"]?.integer ?? 0
            let words = "  \(kind.words): \(open), the next by \(moment(row["next"])) UTC"
            Terminal.say(late == 0 ? words : words + Terminal.paint(", \(late) LATE", .red))
        }
    }

    private func troubles() {
        let troubles = report["outboxTroubles"]?.items ?? []
        guard !troubles.isEmpty else { return }
        Terminal.say(Terminal.paint("\nLeft in the outbox", .bold))
        for trouble in troubles {
            let folder = text(trouble["folder"])
            Terminal.say("  " + (folder.isEmpty ? "" : folder + "/") + text(trouble["name"]))
            Terminal.say("    \(text(trouble["why"]))")
        }
    }

    private func alarms() {
        let alarms = report["alarms"]?.members ?? [:]
        guard !alarms.isEmpty else { return }
        Terminal.say(Terminal.paint("\nAlarms", .red))
        for name in Self.urgentFirst(alarms.keys) { Terminal.say("  \(Terminal.clean(name)): \(text(alarms[name]))") }
    }

    private static func urgentFirst(_ names: some Sequence<String>) -> [String] {
        let sorted = names.sorted()
        return sorted.filter { $0.hasPrefix("urgent") } + sorted.filter { !$0.hasPrefix("urgent") }
    }

    private func text(_ json: JSON?) -> String { Terminal.clean(json?.string ?? "") }
    private func moment(_ json: JSON?) -> String { Words.moment(json?.string.flatMap { try? Instant($0) }) }
}
