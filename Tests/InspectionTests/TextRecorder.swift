import Testing

@testable import Inspection

/// Keeps the text that it is fed; a gap is `|`, several are one.
struct Recorder: TextSink {
    private var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// Without gaps at the ends.
    var trimmed: String {
        var text = text[...]
        while text.hasPrefix("|") { text.removeFirst() }
        while text.hasSuffix("|") { text.removeLast() }
        return String(text)
    }

    mutating func feed(_ utf8: Span<UInt8>) { for index in utf8.indices { bytes.append(utf8[index]) } }

    mutating func gap() { if bytes.last != UInt8(ascii: "|") { bytes.append(UInt8(ascii: "|")) } }
}

/// The text that a reader makes of `bytes`, cut into pieces at `cuts`.
func text(_ reader: some TextReader, _ bytes: [UInt8], cuts: [Int] = []) -> String {
    var reader = reader
    var recorder = Recorder()
    var start = 0
    for cut in cuts.sorted() + [bytes.count] {
        reader.read(Array(bytes[start..<cut]).span, into: &recorder)
        start = cut
    }
    reader.end(into: &recorder)
    return recorder.trimmed
}

func text(_ reader: some TextReader, _ bytes: String) -> String { text(reader, Array(bytes.utf8)) }

/// Reads `bytes` whole, byte by byte and in fifty random cuts, and expects the same text each time.
func expectSameTextHoweverSplit(
    _ reader: some TextReader, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
) {
    let whole = text(reader, bytes)
    #expect(text(reader, bytes, cuts: Array(0..<bytes.count)) == whole, sourceLocation: sourceLocation)
    for _ in 0..<50 {
        let cuts = (0..<Int.random(in: 1...8)).map { _ in Int.random(in: 0...bytes.count) }
        #expect(text(reader, bytes, cuts: cuts) == whole, "cut at \(cuts)", sourceLocation: sourceLocation)
    }
}
