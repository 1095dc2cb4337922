/// Changes inputs, the same way for the same seed: bits, bytes, lengths, numbers, pieces left out, doubled, taken from another
/// input, and words that readers know.
package struct Mutator: Sendable {
    private var state: UInt64
    private let others: [[UInt8]]
    private let longest: Int

    /// - Parameter others: inputs to take pieces from.
    package init(seed: UInt64, others: [[UInt8]], longest: Int) {
        (state, self.others, self.longest) = (seed, others, longest)
    }

    /// One to eight changes of this input.
    package mutating func mutated(_ input: [UInt8]) -> [UInt8] {
        var bytes = input
        for _ in 0...below(8) { change(&bytes) }
        return Array(bytes.prefix(longest))
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    package mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

    private mutating func change(_ bytes: inout [UInt8]) {
        let (at, kind) = (below(bytes.count), below(10))
        guard !bytes.isEmpty else { return bytes.append(UInt8(below(256))) }
        switch kind {
        case 0, 1: bytes[at] ^= 1 << UInt8(below(8))
        case 2: bytes[at] = UInt8(below(256))
        case 3: bytes[at] = Self.edges[below(Self.edges.count)]
        case 4: bytes.removeSubrange(at..<min(bytes.count, at + 1 + below(8)))
        case 5: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 1 + below(32))], at: below(bytes.count))
        case 6: bytes.insert(contentsOf: Self.words[below(Self.words.count)].utf8, at: at)
        case 7: overwrite(&bytes, at, with: Array(Self.words[below(Self.words.count)].utf8))
        case 8: splice(&bytes, at)
        default: bytes[at] = bytes[at] &+ UInt8(truncatingIfNeeded: below(9) - 4)
        }
    }

    private mutating func overwrite(_ bytes: inout [UInt8], _ at: Int, with piece: [UInt8]) {
        bytes.replaceSubrange(at..<min(bytes.count, at + piece.count), with: piece)
    }

    private mutating func splice(_ bytes: inout [UInt8], _ at: Int) {
        guard !others.isEmpty else { return }
        let other = others[below(others.count)]
        let from = below(other.count)
        let piece = Array(other[from..<min(other.count, from + 1 + below(64))])
        overwrite(&bytes, at, with: piece)
    }

    /// Where lengths, signs, tags and characters turn into something else.
    private static let edges: [UInt8] = [0, 1, 0x0a, 0x0d, 0x1f, 0x20, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0xcc, 0xff]
    private static let words = [
        "\r\n", "\n\n", "\u{301}", "\u{2028}", "\u{202e}", "\u{0}", "\"", "\\u0000", "{", "[[[[", ":", "/../", "-1",
        "9007199254740993", "9223372036854775807", "9223372036854775808", "1970-01-01T00:00:00.000Z", "— ", "=", "?",
        "&after=", "from=", "since=", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "*a", "&a", "!!", "- ",
    ]
}
