internal import Policy

/// `500ms`, `2s`, `5m`, `1h`, `7d`, or ISO 8601 without years and months (`P30D`, `PT24H`); `0` alone needs no unit.
package enum LengthOfTime {
    /// Nil if it is none.
    package static func read(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        if text.first == "P" {
            guard let period = try? Period(text), period.months == 0 else { return nil }
            return .seconds(period.days * 86_400 + period.seconds)
        }
        let units: [(String, Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        for (unit, milliseconds) in units where text.hasSuffix(unit) {
            guard let number = Digits.read(text.dropLast(unit.count)), number <= 1_000_000_000 else { return nil }
            return .milliseconds(number * milliseconds)
        }
        return nil
    }
}

/// `65536`, `64KiB`, `1 MiB`, `64GiB`, `1TiB`: powers of 1024 only, so that nobody has to guess.
package enum ByteCount {
    /// Nil if it is none.
    package static func read(_ text: String) -> Int64? {
        for (unit, shift) in [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)] where text.hasSuffix(unit) {
            var number = text.dropLast(unit.count)
            if number.last == " " { number.removeLast() }
            guard let count = Digits.read(number), count <= 1 << (60 - shift) else { return nil }
            return count << Int64(shift)
        }
        return Digits.read(text[...])
    }
}

private enum Digits {
    /// 1 to 18 decimal digits and nothing else.
    static func read(_ text: Substring) -> Int64? {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}
