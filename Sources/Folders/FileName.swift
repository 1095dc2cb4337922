/// One name in a folder: bytes, as the kernel has them.
///
/// Never a `String`: Swift's strings equate composed and decomposed letters, and a set of them would lose files. Its
/// description tells the length only, so that no log line can hold the name.
package struct FileName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Linux's limit on one name, in bytes.
    package static let greatestLength = 255

    /// With the terminating NUL, ready for a system call.
    let c: [UInt8]

    /// Nil if empty, `.`, `..`, longer than 255 bytes, or if a `/` or NUL is among the bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard (1...Self.greatestLength).contains(bytes.count), !bytes.contains(0), !bytes.contains(UInt8(ascii: "/"))
        else { return nil }
        if bytes.count <= 2, bytes.allSatisfy({ $0 == UInt8(ascii: ".") }) { return nil }
        c = Array(bytes) + [0]
    }

    /// Nil as for `init(bytes:)`, with the text in UTF-8.
    package init?(_ text: String) { self.init(bytes: text.utf8) }

    package var bytes: [UInt8] { Array(slice) }

    /// The same without a copy.
    var slice: ArraySlice<UInt8> { c.dropLast() }

    /// The name as text, or nil if it is not valid UTF-8.
    package var text: String? { String(validating: slice, as: UTF8.self) }

    package var description: String { "a name of \(c.count - 1) bytes" }

    package static func < (a: Self, b: Self) -> Bool {
        a.slice.lexicographicallyPrecedes(b.slice)
    }

    /// `.` and random hexadecimal digits: says nothing, is never taken by a scan, and nobody can have guessed it.
    package static func temporary() -> FileName {
        var random = SystemRandomNumberGenerator()
        let text = temporaryPrefix + String(random.next(), radix: 16) + String(random.next(), radix: 16)
        return FileName(unchecked: Array(text.utf8))
    }

    private static let temporaryPrefix = ".new-"

    /// Whether `temporary` made it: nobody else's file that merely begins so.
    package var isTemporary: Bool {
        guard slice.starts(with: Self.temporaryPrefix.utf8) else { return false }
        let digits = slice.dropFirst(Self.temporaryPrefix.utf8.count)
        return (2...32).contains(digits.count)
            && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// For bytes that are a name by construction.
    init(unchecked bytes: [UInt8]) { c = bytes + [0] }
}
