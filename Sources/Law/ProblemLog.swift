internal import Vocabulary

/// Collects the mistakes of one file while it is read. Keys of somebody else's making stand in them, cleaned.
package final class ProblemLog {
    let file: String
    private(set) var problems: [SettingsProblem] = []
    /// Of the top-level keys, if the reader noted them.
    var lines: [String: Int] = [:]

    /// - Parameter file: its name, for messages.
    package init(file: String) { self.file = file }

    var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// A mistake with which the file is not used.
    package func error(_ what: String, hint: String, at mark: Position?) { add(what, hint, mark, .error) }
    /// A mistake with which the file is used as it stands.
    package func warning(_ what: String, hint: String, at mark: Position?) { add(what, hint, mark, .warning) }

    private func add(_ what: String, _ hint: String, _ mark: Position?, _ severity: SettingsProblem.Severity) {
        problems.append(
            SettingsProblem(
                file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, what: PlainText.cleaned(what, .line),
                hint: PlainText.cleaned(hint, .line),
                severity: severity))
    }

    /// The value stands only if nothing is wrong.
    package func reading<Value>(_ value: Value?) -> Reading<Value> {
        let sorted = problems.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
        return Reading(
            value: hasErrors ? nil : value, problems: sorted.map(\.element), file: file, lines: lines)
    }
}
