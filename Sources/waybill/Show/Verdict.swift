internal import Exchange
internal import Inspection
internal import Law
internal import Policy
internal import Vocabulary

/// What policy says of a file that has not been sent, for a person or a program.
struct Verdict {
    let word: String
    /// Those that hold or block it; of one that may go, what warns.
    let findings: [Finding]
    /// What an emergency leaves open, to be looked at after it went.
    let deferred: [Finding]
    private let label: Label?
    private let origins: LabelOrigins?
    private let regimes: (sender: Regime, recipient: Regime)?
    private let replaces: ConsignmentID?
    private let inspection: Inspection?

    var mayGo: Bool { word == "release" }

    /// - Parameters:
    ///   - recipient: the law under which the partner would take it; nil without a label.
    ///   - inspection: nil where the route does not look into files.
    init(_ judged: LoadedLaw.Judgement, recipient: Regime?, _ inspection: Inspection? = nil) {
        self.inspection = inspection
        label = judged.label
        origins = judged.labelled.map { labelled in
            LabelOrigins(labelled.origins.mapValues(\.text)).suggesting(!labelled.label.suggested.isEmpty)
        }
        deferred = judged.deferred
        regimes = recipient.map { (judged.regime, $0) }
        replaces = judged.replaces?.consignment
        switch judged.decision {
        case .release(let warnings):
            (word, findings) = ("release", warnings.filter { !judged.deferred.contains($0) })
        case .hold(let found): (word, findings) = ("hold", found)
        case .block(let found): (word, findings) = ("block", found)
        }
    }

    var json: JSONText {
        .object([
            ("decision", .text(word)), ("findings", .json(.array(findings.map(\.json)))),
            ("deferred", .json(.array(deferred.map(\.json)))), ("senderRegime", .text(regimes?.sender.rawValue)),
            ("recipientRegime", .text(regimes?.recipient.rawValue)), ("supersedes", .text(replaces?.text)),
            ("inspection", inspection.map { .json($0.json) } ?? .null),
            ("label", label.map { .json($0.json) } ?? .null), ("origins", origins?.json ?? .null),
        ])
    }

    func show(_ catalogue: Catalogue, on day: CalendarDate) {
        let words = ["release": "would be SENT", "hold": "would be HELD for a person", "block": "would be BLOCKED"]
        Terminal.say(Terminal.paint("This file \(words[word] ?? word).", mayGo ? .green : .yellow))
        for finding in findings { Findings.Reason.finding(finding).show() }
        showDeferred()
        guard let label, let origins else { return }
        if let regimes {
            Terminal.say("")
            Facts([
                ("we send under", RegimeWords.of(regimes.sender.rawValue)),
                ("they receive under", RegimeWords.of(regimes.recipient.rawValue)), ("in place of", replaces?.text),
                ("the content", inspection.map { InspectionWords.of($0.json) }),
            ]).show()
        }
        Terminal.say(Terminal.paint("\nLabel", .bold))
        LabelWords(label, catalogue, on: day).facts.show()
        Terminal.say(Terminal.paint("\nWhere its fields come from", .bold))
        origins.facts.show()
    }

    private func showDeferred() {
        guard !deferred.isEmpty else { return }
        let due = label?.emergency.map { " by \(Words.moment($0.reviewBy)) UTC" } ?? ""
        Terminal.say(Terminal.paint("\nAn emergency does not wait for this; somebody must see to it\(due):", .bold))
        for finding in deferred { Findings.Reason.finding(finding).show() }
    }
}

/// Which fields of a label the route gave, which a side-car, which a person.
struct LabelOrigins {
    private let origins: [String: String]

    /// By field, such as `basis.article6`: `route`, `side-car`, `content` or `person:<account>`.
    init(_ origins: [String: String]) { self.origins = origins }

    /// What is suggested comes from nobody's hand.
    func suggesting(_ isSuggesting: Bool) -> LabelOrigins {
        guard isSuggesting else { return self }
        return LabelOrigins(origins.merging(["suggested": "content"]) { $1 })
    }

    /// One row an origin, the route's first.
    var facts: Facts {
        let groups = Dictionary(grouping: origins.keys) { origins[$0] ?? "" }
        let order = groups.keys.sorted { ($0 == "route" ? "" : $0) < ($1 == "route" ? "" : $1) }
        return Facts(order.map { ($0, groups[$0]?.sorted().joined(separator: ", ")) })
    }

    var json: JSONText { .object(origins.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }) }
}
