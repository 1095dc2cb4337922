import Foundation
import Testing

@testable import Inspection

/// A file is read until the sink has enough.
struct ScanStopTests {
    /// Has enough after `most` bytes.
    private struct Modest: TextSink {
        let most: Int
        var taken = 0
        var isSaturated: Bool { taken >= most }

        mutating func feed(_ utf8: Span<UInt8>) { taken += utf8.count }
        mutating func gap() {}
    }

    private let scratch: Scratch
    private let size = 2 << 20

    init() throws { scratch = try Scratch() }

    private func read(_ format: Format, _ head: String, most: Int) throws -> (outcome: Inspection.Outcome, taken: Int) {
        let text = Array(head.utf8) + Array(repeating: UInt8(ascii: "x"), count: size - head.utf8.count)
        let stream = TextStream(
            source: FileSource(file: try opened(try scratch.write(text)), size: Int64(size)), toolbox: machine,
            limits: Limits(), budget: Budget(.seconds(60)))
        var sink = Modest(most: most)
        return (stream.read(format, into: &sink), sink.taken)
    }

    @Test("a text is read no further than the piece in which there is enough, and counts as checked")
    func early() throws {
        let (outcome, taken) = try read(.lines(mark: 0), "", most: FileSource.piece + 1)
        #expect(outcome == .checked)
        #expect(taken == 2 * FileSource.piece)
    }

    @Test("a text is read to its end as long as there is not enough")
    func whole() throws {
        #expect(try read(.lines(mark: 0), "", most: size + 1).taken == size)
    }

    @Test("a message is read to its end, for the attachments that are not read are counted")
    func mail() throws {
        let head = "Content-Type: text/plain\n\n"
        #expect(try read(.mail, head, most: 1).taken > size - 100)
    }
}
