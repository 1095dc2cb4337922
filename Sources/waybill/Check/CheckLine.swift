internal import Exchange
internal import Statements

/// One thing that `waybill check` looked at.
struct CheckLine {
    enum Verdict: String {
        case ok, warning, failed
        /// We may not look.
        case unknown
    }

    let what: String
    let verdict: Verdict
    /// What was found, in one line.
    let found: String
    /// Empty if it is ok.
    let fix: String

    static func ok(_ what: String, _ found: String) -> CheckLine {
        CheckLine(what: what, verdict: .ok, found: found, fix: "")
    }

    static func warning(_ what: String, _ found: String, fix: String) -> CheckLine {
        CheckLine(what: what, verdict: .warning, found: found, fix: fix)
    }

    static func failed(_ what: String, _ found: String, fix: String) -> CheckLine {
        CheckLine(what: what, verdict: .failed, found: found, fix: fix)
    }

    static func unknown(_ what: String, _ found: String, fix: String) -> CheckLine {
        CheckLine(what: what, verdict: .unknown, found: found, fix: fix)
    }

    /// Does it, and reports what it throws as the cause.
    static func trying(_ what: String, fix: String, _ body: () async throws -> String) async -> CheckLine {
        do { return .ok(what, try await body()) } catch { return .failed(what, Explained.words(of: error), fix: fix) }
    }

    /// `days` until something ends.
    static func countdown(_ what: String, _ days: Int64, _ found: String, soon: Int64 = Expiry.warningDays, fix: String)
        -> CheckLine
    {
        if days < 0 { return .failed(what, "\(found): ended \(-days) days ago", fix: fix) }
        let text = "\(found): \(days) days left"
        return days < soon ? .warning(what, text, fix: fix) : .ok(what, text)
    }

    var json: JSONText {
        .object([
            ("check", .text(what)), ("result", .text(verdict.rawValue)), ("found", .text(found)),
            ("fix", fix.isEmpty ? .null : .text(fix)),
        ])
    }

    func show() {
        let paint: Terminal.Paint =
            switch verdict {
            case .ok: .green
            case .warning, .unknown: .yellow
            case .failed: .red
            }
        Terminal.say(Terminal.paint(verdict.rawValue.padded(to: 8), paint) + Terminal.clean("\(what): \(found)"))
        if !fix.isEmpty { Terminal.say("          fix: \(Terminal.clean(fix))") }
    }
}
