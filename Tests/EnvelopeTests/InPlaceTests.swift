import Envelope
import Testing
import Vocabulary

/// What was promised about memory: one buffer from the file to the wire, and one from the wire to the file.
@Suite struct InPlaceTests {
    let agency: Agency
    let bind: Digest
    let size = 1 << 20

    init() throws {
        agency = try Agency()
        bind = try Digest(Random.bytes(32))
    }

    func address(_ bytes: ArraySlice<UInt8>) -> Int {
        unsafe bytes.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    }

    @Test("what fill writes is encrypted where it stands and becomes the message")
    func sealing() throws {
        var filled = 0
        let message = try agency.sealer().sealPart(bind: bind, index: 1, length: size) { span in
            filled = unsafe span.withUnsafeMutableBytes { Int(bitPattern: $0.baseAddress) }
        }
        #expect(filled == address(message[...]) + message.count - size - 18)
    }

    @Test("a message that is given away is decrypted where it stands")
    func opening() throws {
        let message = try agency.part(Array(repeating: 7, count: size), bind: bind)
        let start = address(message[...])
        let end = start + message.count
        let part = try agency.opener().openPart(consume message, bind: bind, index: 1, length: size)
        #expect(address(part) == end - size - 18)
    }

    @Test("a message that somebody still holds is left as it was")
    func shared() throws {
        let message = try agency.part([1, 2, 3], bind: bind)
        let opener = try agency.opener()
        for _ in 1...2 {
            #expect(Array(try opener.openPart(message, bind: bind, index: 1, length: 3)) == [1, 2, 3])
        }
    }

    @Test("a message cut from the stream is decrypted where the stream put it")
    func streamed() throws {
        let waybill = try agency.sealer().sealWaybill([1])
        let sent = try agency.part(Array(repeating: 7, count: size), bind: bind)
        var stream = DERStream()
        var offset = 0
        _ = try stream.next(in: waybill.span, at: &offset)
        stream.expectParts(1, ofSize: size)
        offset = 0
        let message = try #require(try stream.next(in: sent.span, at: &offset))
        let end = address(message[...]) + message.count
        let part = try agency.opener().openPart(consume message, bind: bind, index: 1, length: size)
        #expect(address(part) == end - size - 18)
        try stream.finish()
    }
}
