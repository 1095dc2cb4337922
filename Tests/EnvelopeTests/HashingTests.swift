import Envelope
import Testing
import Vocabulary

@Suite struct HashingTests {
    @Test("SHA-256 of the standard's examples (FIPS 180-4)")
    func sha256() {
        #expect(
            SHA256.digest(Array("abc".utf8)).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(SHA256.digest([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("a slice and a stream of pieces give the digest of the whole", arguments: [1, 63, 64, 65, 1000])
    func pieces(size: Int) {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var stream = SHA256Stream()
        for start in stride(from: 0, to: bytes.count, by: size) {
            stream.update(bytes[start..<min(start + size, bytes.count)].span)
        }
        let digest = stream.finish()
        #expect(digest == SHA256.digest(bytes))
        #expect(SHA256.digest(bytes[100..<200]) == SHA256.digest(Array(bytes[100..<200])))
    }

    @Test("HMAC-SHA-256 of RFC 4231, cases 1, 2 and 6")
    func hmac() {
        #expect(
            HMAC.sha256(key: Array(repeating: 0x0b, count: 20), Array("Hi There".utf8)).hex
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            HMAC.sha256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)).hex
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            HMAC.sha256(
                key: Array(repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
            ).hex == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(HMAC.sha256(key: [], []).hex == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("random bytes have the length asked for and differ")
    func random() {
        #expect(Random.bytes(0).isEmpty)
        #expect(Random.bytes(32).count == 32)
        #expect(Random.bytes(32) != Random.bytes(32))
    }
}
