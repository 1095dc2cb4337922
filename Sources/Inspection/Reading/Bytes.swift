/// What the scanner asks of single bytes.
enum Bytes {
    static let nul: UInt8 = 0
    static let space = UInt8(ascii: " ")
    static let hyphen = UInt8(ascii: "-")
    static let slash = UInt8(ascii: "/")
    static let dot = UInt8(ascii: ".")

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    static func isSmall(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    static func lowered(_ byte: UInt8) -> UInt8 { isCapital(byte) ? byte | 0x20 : byte }
    /// What may stand where a phrase has a space. Not NUL, which is a gap.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == space || byte == 0x0a || byte == 0x0d || byte == 0x09 || byte == hyphen || byte == UInt8(ascii: "_")
    }

    /// 1...26 for letters of either case, 27 for digits, 0 for everything else.
    static func kind(_ byte: UInt8) -> UInt32 {
        if isLetter(byte) { return UInt32((byte | 0x20) &- 0x60) }
        return isDigit(byte) ? 27 : 0
    }
}

/// Reading at any place: outside of the text there are NULs.
extension Span where Element == UInt8 {
    func byte(_ index: Int) -> UInt8 { index >= 0 && index < count ? self[index] : Bytes.nul }

    func isDigit(_ index: Int) -> Bool { Bytes.isDigit(byte(index)) }

    /// The number written by exactly `length` (at most 18) digits, whatever follows.
    func number(_ start: Int, _ length: Int) -> Int? {
        var value = 0
        for index in start..<start + length {
            guard isDigit(index) else { return nil }
            value = value &* 10 &+ Int(byte(index) &- 0x30)
        }
        return value
    }

    /// How many digits follow one another here, counted up to `most`.
    func digits(_ start: Int, most: Int) -> Int {
        var length = 0
        while length < most, isDigit(start + length) { length += 1 }
        return length
    }

    func capital(_ index: Int) -> UInt8? { Bytes.isCapital(byte(index)) ? byte(index) : nil }

    /// The place after a run of spaces, none included, of at most four.
    func afterSpaces(_ start: Int) -> Int {
        var index = start
        while index < start + 4, byte(index) == Bytes.space { index += 1 }
        return index
    }
}
