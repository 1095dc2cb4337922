import Envelope
import Testing
import Vocabulary

@Suite struct DERStreamTests {
    /// An element of this many bytes of content.
    func message(_ count: Int) throws -> [UInt8] {
        var tree = DERTree(0x30, [])
        var left = count
        // Content is immaterial here, but the helper builds constructed elements from children.
        while left > 0 {
            let piece = min(left, 100)
            tree.children.append(DERTree(0x04, Array(repeating: UInt8(left & 0xff), count: max(piece - 2, 0))))
            left -= piece
        }
        return tree.der
    }

    /// Feeds in pieces of this size, and says what came out.
    func cut(_ bytes: [UInt8], by size: Int, parts: Int, of partSize: Int) throws -> [[UInt8]] {
        var stream = DERStream()
        var messages: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            var offset = 0
            while let message = try stream.next(in: piece.span, at: &offset) {
                messages.append(message)
                if messages.count == 1 { stream.expectParts(parts, ofSize: partSize) }
            }
            #expect(offset == piece.count)
        }
        try stream.finish()
        return messages
    }

    @Test("messages come out whole however the bytes come in", arguments: [1, 2, 3, 7, 1000, 1 << 20])
    func pieces(size: Int) throws {
        let messages = try [message(300), message(2), message(69_000), message(126)]
        let cut = try cut(messages.flatMap(\.self), by: size, parts: 3, of: 65_536)
        #expect(cut == messages)
    }

    @Test("a message that is not let in is announced with its length, and comes whole once it is")
    func admitted() throws {
        let whole = try message(300)
        var (stream, offset) = (DERStream(), 0)
        let bytes = unsafe whole.span.bytes
        for _ in 0..<2 {
            let nothing = try stream.next(in: bytes, at: &offset) { _ in false }
            #expect(nothing == nil)
            #expect(stream.announced == whole.count)
            #expect(offset < 8, "nothing but its header was taken")
        }
        var asked: [Int] = []
        let message = try stream.next(in: bytes, at: &offset) { length in
            asked.append(length)
            return true
        }
        #expect(message == whole)
        #expect(asked == [whole.count])
        #expect(stream.announced == nil)
    }

    @Test("a message that claims 4 GiB is refused with its header")
    func hugeClaim() throws {
        #expect(throws: EnvelopeError.stream(.tooLong)) {
            try cut([0x30, 0x84, 0xff, 0xff, 0xff, 0xff], by: 1, parts: 0, of: 0)
        }
        #expect(throws: EnvelopeError.stream(.notDER)) { try cut([0x30, 0x85], by: 2, parts: 0, of: 0) }
    }

    @Test("message 0 may have 256 KiB and no byte more, a part 4 KiB beyond its size")
    func limits() throws {
        let header = [0x30, 0x83] as [UInt8]
        func claim(_ total: Int) -> [UInt8] {
            let count = total - 5
            return header + [UInt8(count >> 16), UInt8(count >> 8 & 0xff), UInt8(count & 0xff)]
        }
        #expect(throws: EnvelopeError.stream(.truncated)) { try cut(claim(262_144), by: 9, parts: 0, of: 0) }
        #expect(throws: EnvelopeError.stream(.tooLong)) { try cut(claim(262_145), by: 9, parts: 0, of: 0) }
        let first = try message(4)
        let limit = 65_536 + 4096
        #expect(throws: EnvelopeError.stream(.truncated)) { try cut(first + claim(limit), by: 9, parts: 1, of: 65_536) }
        #expect(throws: EnvelopeError.stream(.tooLong)) {
            try cut(first + claim(limit + 1), by: 9, parts: 1, of: 65_536)
        }
    }

    @Test(
        "indefinite and non-minimal lengths and other tags are refused with the byte that shows it",
        arguments: [
            [0x30, 0x80], [0x30, 0x81, 0x7f], [0x30, 0x82, 0x00], [0x30, 0x83, 0x00], [0x31], [0x04], [0x3f], [0x00],
        ] as [[UInt8]])
    func notDER(bytes: [UInt8]) throws {
        var stream = DERStream()
        var offset = 0
        let front = Array(bytes.dropLast())
        let early = try stream.next(in: front.span, at: &offset)
        #expect(early == nil)
        let last = [bytes[bytes.count - 1]]
        var again = 0
        #expect(throws: EnvelopeError.stream(.notDER)) { try stream.next(in: last.span, at: &again) }
        #expect(throws: EnvelopeError.stream(.notDER)) { try stream.next(in: last.span, at: &again) }
        #expect(throws: EnvelopeError.stream(.notDER)) { try stream.finish() }
    }

    @Test("a stream that ends inside a message or before the last one is truncated")
    func truncated() throws {
        let (first, second) = try (message(300), message(400))
        for count in [0, 1, 3, first.count - 1, first.count, first.count + 2, first.count + 100] {
            #expect(throws: EnvelopeError.stream(.truncated), "\(count)") {
                try cut(Array((first + second).prefix(count)), by: 64, parts: 1, of: 65_536)
            }
        }
    }

    @Test("nothing may follow the last message, nor message 0 before its parts are expected")
    func trailing() throws {
        let first = try message(300)
        #expect(throws: EnvelopeError.stream(.trailing)) { try cut(first + [0], by: 1, parts: 0, of: 65_536) }
        #expect(throws: EnvelopeError.stream(.trailing)) {
            try cut(first + first + first, by: 64, parts: 1, of: 65_536)
        }
        var stream = DERStream()
        var offset = 0
        let both = first + first
        #expect(try stream.next(in: both.span, at: &offset) == first)
        #expect(throws: EnvelopeError.stream(.trailing)) { try stream.next(in: both.span, at: &offset) }
    }
}
