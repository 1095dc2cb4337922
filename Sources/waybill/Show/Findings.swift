internal import Vocabulary

/// Why a consignment is held, as its record says: policy's findings, or one sentence.
struct Findings {
    let all: [Reason]

    init(_ why: String?) {
        guard let why, !why.isEmpty else {
            all = []
            return
        }
        let items = (try? JSON(kept: Array(why.utf8)))?.items.compactMap { try? Finding($0) } ?? []
        all = items.isEmpty ? [.sentence(why)] : items.map(Reason.finding)
    }

    enum Reason {
        case finding(Finding)
        case sentence(String)

        /// What and why, then what to do.
        func show(indent: String = "  ") {
            switch self {
            case .sentence(let text): Terminal.say(indent + Terminal.clean(text))
            case .finding(let finding):
                Terminal.say(indent + Terminal.paint(Terminal.clean(finding.found), .yellow))
                Terminal.say(
                    "\(indent)  why: rule \(Terminal.clean(finding.rule)), \(Terminal.clean(finding.citation))")
                Terminal.say("\(indent)  fix: \(Terminal.clean(finding.fix))")
            }
        }
    }

    /// Nobody can release it.
    var isFinal: Bool {
        all.contains { reason in
            if case .finding(let finding) = reason { finding.isFinal } else { false }
        }
    }

    /// On one line, for tables.
    var short: String {
        all.map { reason in
            switch reason {
            case .finding(let finding): "\(finding.rule): \(finding.found)"
            case .sentence(let text): text
            }
        }.joined(separator: " ")
    }
}
