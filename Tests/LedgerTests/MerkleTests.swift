import Ledger
import Testing
import Vocabulary

struct MerkleTests {
    private let hasher = MerkleHasher(TestCrypto())

    /// The tree that Certificate Transparency's own tests use, with the root after each leaf.
    private static let vectors: [(leaf: String, root: String)] = [
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        (
            "606162636465666768696a6b6c6d6e6f",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        ),
    ]

    /// MTH by the definition of RFC 6962 section 2.1, word by word.
    private func naiveRoot(_ leaves: ArraySlice<[UInt8]>) -> Digest {
        guard let first = leaves.first else { return hasher.empty }
        if leaves.count == 1 { return hasher.leaf(first) }
        var k = 1
        while k * 2 < leaves.count { k *= 2 }
        return hasher.node(naiveRoot(leaves.prefix(k)), naiveRoot(leaves.dropFirst(k)))
    }

    /// A grown tree and all nodes that growing it gave.
    private struct Grown {
        var frontier = MerkleFrontier()
        var nodes: [[Digest]] = []
        var roots: [Digest] = []

        init(_ leaves: [[UInt8]], _ hasher: MerkleHasher) {
            roots = [frontier.root(hasher)]
            for leaf in leaves {
                for node in frontier.append(hasher.leaf(leaf), hasher) {
                    if nodes.count == node.level { nodes.append([]) }
                    #expect(Int64(nodes[node.level].count) == node.index)
                    nodes[node.level].append(node.hash)
                }
                roots.append(frontier.root(hasher))
            }
        }

        func tree(_ size: Int64, _ hasher: MerkleHasher) -> MerkleTree {
            MerkleTree(size: size, hasher: hasher) { [nodes] in nodes[$0][Int($1)] }
        }
    }

    private let leaves: [[UInt8]] = (0..<64).map { [UInt8](repeating: UInt8($0), count: $0) }

    @Test("the roots are those of the well-known test tree")
    func knownRoots() throws {
        #expect(hasher.empty.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        var frontier = MerkleFrontier()
        #expect(frontier.root(hasher) == hasher.empty)
        for vector in Self.vectors {
            frontier.append(hasher.leaf(try #require(Hex.decode(vector.leaf))), hasher)
            #expect(frontier.root(hasher).hex == vector.root)
        }
    }

    @Test("the inclusion proof of leaf 5 of 8 is that of Certificate Transparency's tests")
    func knownInclusion() throws {
        let grown = Grown(try Self.vectors.map { try #require(Hex.decode($0.leaf)) }, hasher)
        #expect(
            try grown.tree(8, hasher).inclusionProof(of: 5).map(\.hex) == [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
        #expect(
            try grown.tree(8, hasher).consistencyProof(from: 6).map(\.hex) == [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
    }

    @Test("for every size up to 64, growing gives the root of the definition, and so does an edge read again")
    func naive() throws {
        let grown = Grown(leaves, hasher)
        for size in 0...64 {
            let expected = naiveRoot(leaves.prefix(size))
            #expect(grown.roots[size] == expected)
            let tree = grown.tree(Int64(size), hasher)
            #expect(try tree.root() == expected)
            let again = try MerkleFrontier(size: Int64(size)) { grown.nodes[$0][Int($1)] }
            #expect(again.root(hasher) == expected)
        }
    }

    @Test("every inclusion proof up to 64 leaves verifies, and not for another leaf, place, size or root")
    func inclusion() throws {
        let (grown, proofs) = (Grown(leaves, hasher), MerkleProof(hasher))
        for size in 1...Int64(64) {
            let root = grown.roots[Int(size)]
            for index in 0..<size {
                let proof = try grown.tree(size, hasher).inclusionProof(of: index)
                let leaf = hasher.leaf(leaves[Int(index)])
                func holds(_ leaf: Digest, _ index: Int64, _ size: Int64, _ root: Digest, _ proof: [Digest]) -> Bool {
                    proofs.verifyInclusion(of: leaf, at: index, size: size, root: root, proof: proof)
                }
                #expect(holds(leaf, index, size, root, proof))
                #expect(!holds(hasher.empty, index, size, root, proof))
                #expect(!holds(leaf, index, size, hasher.empty, proof))
                #expect(!holds(leaf, index, size, root, proof + [hasher.empty]))
                #expect(!holds(leaf, index + 1, size, root, proof))
                #expect(!holds(leaf, size, size, root, proof))
                #expect(!holds(leaf, -1, size, root, proof))
                if !proof.isEmpty { #expect(!holds(leaf, index, size, root, Array(proof.dropLast()))) }
            }
        }
    }

    @Test("every consistency proof up to 64 leaves verifies, and not with another root, size or hash")
    func consistency() throws {
        let (grown, proofs) = (Grown(leaves, hasher), MerkleProof(hasher))
        for new in 1...Int64(64) {
            for old in 1...new {
                let proof = try grown.tree(new, hasher).consistencyProof(from: old)
                let (oldRoot, newRoot) = (grown.roots[Int(old)], grown.roots[Int(new)])
                func holds(_ old: Int64, _ oldRoot: Digest, _ newRoot: Digest, _ proof: [Digest]) -> Bool {
                    proofs.verifyConsistency(
                        oldSize: old, oldRoot: oldRoot, newSize: new, newRoot: newRoot, proof: proof)
                }
                #expect(holds(old, oldRoot, newRoot, proof))
                #expect(!holds(old, hasher.empty, newRoot, proof))
                #expect(!holds(old, oldRoot, hasher.empty, proof))
                #expect(!holds(old, oldRoot, newRoot, proof + [hasher.empty]))
                #expect(!holds(new + 1, oldRoot, newRoot, proof))
                #expect(!holds(0, oldRoot, newRoot, proof))
                for i in proof.indices {
                    var changed = proof
                    changed[i] = hasher.empty
                    #expect(!holds(old, oldRoot, newRoot, changed))
                }
            }
        }
    }

    @Test("a proof for a leaf outside the tree, or from a larger tree, is refused")
    func outside() {
        let tree = Grown(leaves, hasher).tree(5, hasher)
        #expect(throws: Malformed.self) { try tree.inclusionProof(of: 5) }
        #expect(throws: Malformed.self) { try tree.inclusionProof(of: -1) }
        #expect(throws: Malformed.self) { try tree.consistencyProof(from: 6) }
        #expect(throws: Malformed.self) { try tree.consistencyProof(from: 0) }
    }
}
