internal import Foundation

/// Data goes to standard output, everything else to standard error.
enum Terminal {
    static func say(_ text: String) { print(text) }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// No control characters of a partner's or a file's making reach the screen.
    static func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? "?" : $0 }))
    }
}
