internal import Foundation
internal import Logging

/// One line an event on standard error, as journald wants it: `<6>delivered consignment=0199... partner=redcar`.
///
/// Metadata are ids only; nobody may log a name or a content. Values are stripped of control characters, so that no
/// line can be forged.
struct DaemonLog: LogHandler {
    let label: String
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = all.keys.sorted().map { "\($0)=\(Self.quoted("\(all[$0] ?? "")"))" }
        let line = (["<\(Self.priority(event.level))>\(event.message)"] + fields).joined(separator: " ")
        FileHandle.standardError.write(Data((Self.clean(line) + "\n").utf8))
    }

    private static func quoted(_ value: String) -> String { value.contains(" ") ? "\"\(value)\"" : value }

    private static func clean(_ line: String) -> String {
        String(String.UnicodeScalarView(line.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
    }

    /// syslog(3), which journald reads from `<N>`.
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}
