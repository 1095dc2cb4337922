package import Vocabulary

/// The hash of RFC 6962 section 2.1: leaves and nodes are told apart by their first byte.
package struct MerkleHasher: Sendable {
    private let sha256: @Sendable ([UInt8]) -> Digest

    package init(_ crypto: any LedgerCrypto) { sha256 = { crypto.sha256($0) } }
    package init(sha256: @escaping @Sendable ([UInt8]) -> Digest) { self.sha256 = sha256 }

    /// The root of a tree without leaves.
    package var empty: Digest { sha256([]) }
    package func leaf(_ bytes: [UInt8]) -> Digest { sha256([0] + bytes) }

    package func node(_ left: Digest, _ right: Digest) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(65)
        bytes.append(1)
        bytes += left.bytes
        bytes += right.bytes
        return sha256(bytes)
    }
}

/// The root of a complete subtree: `index` counts subtrees of `2^level` leaves from the left. Level 0 is a leaf's hash.
package struct TreeNode: Hashable, Sendable {
    package let level: Int
    package let index: Int64
    package let hash: Digest

    package init(level: Int, index: Int64, hash: Digest) {
        self.level = level
        self.index = index
        self.hash = hash
    }
}
