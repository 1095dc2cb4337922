internal import Foundation
internal import Glibc

/// Data goes to standard output, everything else to standard error.
enum Terminal {
    /// Whether a person looks at standard output.
    static let isScreen = isatty(STDOUT_FILENO) == 1
    private static let errorIsScreen = isatty(STDERR_FILENO) == 1

    /// https://no-color.org: any value but the empty one means no.
    private static let isColoured: Bool = {
        let environment = ProcessInfo.processInfo.environment
        return isScreen && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }()

    /// At once and whole, so that it stands in order with what goes to standard error. A reader that has gone away (as
    /// `head` does) is no trouble.
    static func say(_ text: String) {
        try? Foundation.FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }

    static func complain(_ text: String) { write(text + "\n") }

    /// Whether a person sits there who can be asked something.
    static let canAsk = isatty(STDIN_FILENO) == 1 && errorIsScreen

    /// Their answer, without blanks around it; nil at the end of input.
    static func ask(_ question: String) -> String? {
        write(question)
        return readLine().map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// One line on standard error that the next one replaces; nothing where nobody looks.
    static func progress(_ text: String) {
        if errorIsScreen { write("\r\u{1b}[K" + text) }
    }

    static func endProgress() { progress("") }

    private static func write(_ text: String) {
        Foundation.FileHandle.standardError.write(Data(text.utf8))
    }

    enum Paint: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    /// The text in a colour, on a terminal that may have one.
    static func paint(_ text: String, _ paint: Paint?) -> String {
        guard isColoured, let paint, !text.isEmpty else { return text }
        return "\u{1b}[\(paint.rawValue)m\(text)\u{1b}[0m"
    }

    /// No control characters of a partner's or a file's making reach the screen, nor signs that turn the direction of
    /// writing.
    static func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmless($0) ? $0 : "?" }))
    }

    /// The same for a text of several lines.
    static func cleanLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { clean(String($0)) }.joined(separator: "\n")
    }

    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: false
        default: true
        }
    }
}
