/// A written form with rules of its own. The rules are in one place, for a text by itself and for a place in a stream.
package protocol Identifier {
    /// Where the identifier that begins at `start` ends; nil if none begins there. What follows is not looked at.
    static func end(in text: Span<UInt8>, at start: Int) -> Int?
}

extension Identifier {
    /// Whether the whole text is one such identifier.
    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return end(in: bytes.span, at: 0) == bytes.count
    }
}

/// Check letters that are a remainder.
enum CheckLetter {
    /// Of a unique pupil number: no I, O, S.
    static let pupil = Array("ABCDEFGHJKLMNPQRTUVWXYZ".utf8)
    /// Of police numbers, remainder 0 first: no I, O, S.
    static let police = Array("ZABCDEFGHJKLMNPQRTUVWXY".utf8)

    static func isPolice(_ letter: UInt8, _ number: Int) -> Bool { police[number % police.count] == letter }
}
