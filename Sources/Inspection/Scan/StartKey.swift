/// The first four bytes of a word or number as classes of five bits: all that the fast loop sees.
enum StartKey {
    static let digit: UInt32 = 27

    /// Every key that a text matching the pattern may have.
    static func keys(of pattern: [UInt8], isStem: Bool) -> Set<UInt32> {
        var keys: Set<UInt32> = []
        extend(Beginning(), pattern[...], isStem, &keys)
        return keys
    }

    /// The classes so far.
    private struct Beginning {
        var key: UInt32 = 0
        var length = 0

        func followed(by kind: UInt32) -> Beginning { Beginning(key: key << 5 | kind, length: length + 1) }
    }

    private static func extend(
        _ beginning: Beginning, _ rest: ArraySlice<UInt8>, _ isStem: Bool, _ keys: inout Set<UInt32>
    ) {
        if beginning.length == 4 {
            keys.insert(beginning.key)
        } else if let byte = rest.first {
            let kind = Bytes.kind(byte)
            extend(beginning.followed(by: kind), rest.dropFirst(), isStem, &keys)
            // A space stands for a run, an apostrophe may be three bytes.
            if kind == 0 { extend(beginning.followed(by: 0), rest, isStem, &keys) }
        } else if isStem {
            for kind: UInt32 in 0...digit { extend(beginning.followed(by: kind), rest, true, &keys) }
        } else {
            extend(beginning.followed(by: 0), rest, true, &keys)
        }
    }

    /// How the identifiers begin: D a digit, L a letter, `-` anything else, `.` anything.
    private static let shapes = [
        // Ten digits, six digits, phones, 999 000 0042.
        "DDDD", "DDD-",
        // 20-29-59, 26/17ZZ, 79/163001B, dates; 1/1/2010, 1 May 2010, 1st May 2010.
        "DD-D", "DD-L", "D-D-", "D-DD", "D-LL", "DLL-", "DDLL", "DDD-",
        // 17ZZ0000126.
        "DDLL",
        // UPN, prison and probation numbers, postcodes, NINO, SF99/1B.
        "LDDD", "LDD-", "LD-D", "LDL-", "LDDL", "LLDD", "LLD-", "LLDL", "LL-D",
    ]

    /// Bit k: an identifier may begin with the four classes of `k`.
    static let numbers: [UInt64] = shapes.reduce(into: [UInt64](repeating: 0, count: 1 << 14)) { bits, shape in
        let keys = shape.utf8.reduce([0]) { keys, sign in
            keys.flatMap { key in kinds(of: sign).map { key << 5 | $0 } }
        }
        for key in keys { bits[Int(key >> 6)] |= 1 << UInt64(key & 63) }
    }

    private static func kinds(of sign: UInt8) -> ClosedRange<UInt32> {
        switch sign {
        case UInt8(ascii: "D"): digit...digit
        case UInt8(ascii: "L"): 1...26
        default: 0...0
        }
    }

    /// Whether one of the four is a digit, without a branch: a field that equals 27 becomes 0, and only there does
    /// taking 1 borrow from the field's high bit.
    static func hasDigit(_ key: UInt32) -> Bool {
        let fields = key ^ 0b11011_11011_11011_11011
        return (fields &- 0b00001_00001_00001_00001) & ~fields & 0b10000_10000_10000_10000 != 0
    }

    static func beginsWithDigit(_ key: UInt32) -> Bool { key >> 15 & 31 == digit }
}
