import Ledger
import Testing
import Vocabulary

struct TlogProofTests {
    private let crypto = TestCrypto()

    private func proof(of index: Int64, in size: Int) throws -> (proof: TlogProof, leaf: [UInt8], key: NoteKey) {
        let (hasher, signer) = (MerkleHasher(crypto), try TestSigner())
        let leaves = (0..<size).map { [UInt8($0)] }
        var frontier = MerkleFrontier()
        var nodes: [TreeNode] = []
        for leaf in leaves { nodes += frontier.append(hasher.leaf(leaf), hasher) }
        let tree = MerkleTree(size: Int64(size), hasher: hasher) { [nodes] level, index in
            try #require(nodes.first { $0.level == level && $0.index == index }).hash
        }
        let note = try Checkpoint(origin: "test", size: Int64(size), root: frontier.root(hasher))
            .signed(by: signer, crypto)
        let proof = TlogProof(index: index, hashes: try tree.inclusionProof(of: index), checkpoint: note)
        return (proof, leaves[Int(index)], try NoteKey(name: "test", publicKey: signer.publicKey, crypto))
    }

    @Test("a proof reads back and verifies", arguments: [(0, 1), (0, 7), (4, 7), (6, 7)] as [(Int64, Int)])
    func roundTrip(index: Int64, size: Int) throws {
        let (proof, leaf, key) = try proof(of: index, in: size)
        #expect(proof.text.hasPrefix("c2sp.org/tlog-proof@v1\nindex \(index)\n"))
        let again = try TlogProof(parsing: Array(proof.text.utf8))
        #expect(again == proof)
        #expect(try again.verify(leaf: leaf, by: key, crypto).size == Int64(size))
        #expect(throws: Malformed.self) { try again.verify(leaf: leaf + [0], by: key, crypto) }
    }

    @Test("a flipped bit anywhere in a proof is refused")
    func flippedBits() throws {
        let (proof, leaf, key) = try proof(of: 4, in: 7)
        let bytes = Array(proof.text.utf8)
        for i in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[i] ^= 1 << UInt8(bit)
                #expect(throws: Malformed.self, "byte \(i) bit \(bit)") {
                    try TlogProof(parsing: changed).verify(leaf: leaf, by: key, crypto)
                }
            }
        }
    }

    @Test("an extra line, a leading zero and too many hashes are refused")
    func spelling() throws {
        let text = try proof(of: 4, in: 7).proof.text
        let hash = Base64.encode([UInt8](repeating: 0, count: 32)) + "\n"
        for wrong in [
            text.replacing("index", with: "extra AAAA\nindex"), text.replacing("index 4", with: "index 04"),
            text.replacing("index 4", with: "index -4"), text.replacing("index 4\n", with: ""),
            text.replacing("index 4\n", with: "index 4\n" + String(repeating: hash, count: 64)),
        ] {
            #expect(throws: Malformed.self) { try TlogProof(parsing: Array(wrong.utf8)) }
        }
    }
}
