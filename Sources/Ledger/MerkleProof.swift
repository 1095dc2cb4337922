package import Vocabulary

/// Checks the proofs of others. The walks are those of RFC 9162 sections 2.1.3.2 and 2.1.4.2.
package struct MerkleProof {
    private let hasher: MerkleHasher

    package init(_ hasher: MerkleHasher) { self.hasher = hasher }

    /// Whether a leaf's hash stands at `index` in the tree of this size and root.
    package func verifyInclusion(
        of leaf: Digest, at index: Int64, size: Int64, root: Digest, proof: [Digest]
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var (position, last, hash) = (index, size - 1, leaf)
        for sibling in proof {
            guard last > 0 else { return false }
            let isRight = position & 1 == 1 || position == last
            hash = isRight ? hasher.node(sibling, hash) : hasher.node(hash, sibling)
            if isRight { Self.skipLevelsWithoutSibling(&position, &last) }
            (position, last) = (position >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether the tree of `newSize` and `newRoot` only appended to the tree of `oldSize` and `oldRoot`.
    package func verifyConsistency(
        oldSize: Int64, oldRoot: Digest, newSize: Int64, newRoot: Digest, proof: [Digest]
    ) -> Bool {
        guard oldSize > 0, oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        // If the old tree is complete, its root is the first hash and is not sent.
        var path = (oldSize.nonzeroBitCount == 1 ? [oldRoot] : []) + proof
        guard let first = path.first else { return false }
        path.removeFirst()
        var (position, last) = (oldSize - 1, newSize - 1)
        while position & 1 == 1 { (position, last) = (position >> 1, last >> 1) }
        var (old, new) = (first, first)
        for hash in path {
            guard last > 0 else { return false }
            if position & 1 == 1 || position == last {
                (old, new) = (hasher.node(hash, old), hasher.node(hash, new))
                Self.skipLevelsWithoutSibling(&position, &last)
            } else {
                new = hasher.node(new, hash)
            }
            (position, last) = (position >> 1, last >> 1)
        }
        return last == 0 && old == oldRoot && new == newRoot
    }

    /// At the right edge a node without sibling rises as it is.
    private static func skipLevelsWithoutSibling(_ position: inout Int64, _ last: inout Int64) {
        while position & 1 == 0 && position != 0 { (position, last) = (position >> 1, last >> 1) }
    }
}
