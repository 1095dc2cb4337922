import Ledger
import Testing
import Vocabulary

struct LeafTests {
    private let crypto = TestCrypto()

    @Test("a leaf moved to a place is the leaf made there", arguments: [0, 1, 9, 10, 1_234_567] as [Int64])
    func moved(seq: Int64) throws {
        let at = Instant(seconds: 1_790_000_000)
        func leaf(_ seq: Int64) throws -> Leaf {
            Leaf(
                seq: seq, at: at, kind: .held, consignment: nil, partner: try AgencyID("harbour"),
                commitment: crypto.sha256([]))
        }
        #expect(try leaf(0).moved(to: seq) == leaf(seq))
        #expect(try leaf(1_234_567).moved(to: seq) == leaf(seq))
        #expect(try Leaf(parsing: leaf(seq).bytes) == leaf(seq))
    }

    @Test("a salted event commits to its detail and hides it behind a fresh salt")
    func salted() throws {
        let event = NewEvent(
            at: Instant(seconds: 1), kind: .opened, consignment: nil, partner: nil,
            detail: EventDetail(["by": .string("somebody")]))
        let (one, two) = (SaltedEvent(event, crypto), SaltedEvent(event, crypto))
        #expect(one.salt != two.salt && one.leaf(at: 3) != two.leaf(at: 3))
        #expect(one.leaf(at: 3).commitment == crypto.hmac(key: one.salt, event.detail.bytes))
    }
}
