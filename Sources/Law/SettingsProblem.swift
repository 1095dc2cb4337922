/// One mistake in a file that a person wrote: where it is, what is wrong, and what to do about it.
package struct SettingsProblem: Hashable, Sendable, CustomStringConvertible {
    package enum Severity: String, Hashable, Sendable {
        /// The file is not used.
        case error
        /// The file is used as it stands.
        case warning
    }

    package let file: String
    /// From 1; 0 where the whole file is meant.
    package let line: Int
    package let column: Int
    /// Never quotes free text: a side-car may hold personal data.
    package let what: String
    package let hint: String
    package var severity = Severity.error

    /// `waybill.yaml:12:3: unknown key "setle" (did you mean "settle"?)`
    package var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        let kind = severity == .warning ? "warning: " : ""
        return "\(place): \(kind)\(what)" + (hint.isEmpty ? "" : " (\(hint))")
    }
}

/// Every mistake of a file, for callers that would rather throw.
package struct SettingsProblems: Error, Hashable, CustomStringConvertible {
    package let problems: [SettingsProblem]

    package init(problems: [SettingsProblem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What a file says, if it can be used, and all that is wrong with it.
package struct Reading<Value: Sendable>: Sendable {
    /// Nil if there is any error.
    package let value: Value?
    /// In the order of the file.
    package let problems: [SettingsProblem]
    /// For findings that only several files together show: the file, and the lines of its top-level keys.
    package var file = ""
    package var lines: [String: Int] = [:]

    package var errors: [SettingsProblem] { problems.filter { $0.severity == .error } }
    package var warnings: [SettingsProblem] { problems.filter { $0.severity == .warning } }

    /// The value, or every mistake at once.
    package func get() throws(SettingsProblems) -> Value {
        guard let value else { throw SettingsProblems(problems: problems) }
        return value
    }
}
