package import Vocabulary

/// The right edge of a growing tree (RFC 6962 section 2.1): all that is needed to append, in O(log n) memory.
///
/// A tree of n leaves is a row of complete subtrees, one for each 1 in the binary form of n, largest first. An append
/// merges equals as a binary counter carries.
package struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves there are.
    package private(set) var size: Int64 = 0
    /// Roots of the complete subtrees, largest first.
    package private(set) var peaks: [Digest] = []

    package init() {}

    /// As it was written down: one root for each 1 in the binary form of `size`, largest first.
    package init(size: Int64, peaks: [Digest]) { (self.size, self.peaks) = (size, peaks) }

    /// Reads the edge of a stored tree again: one node for each 1 in the binary form of `size`.
    package init(size: Int64, node: MerkleTree.NodeReader) throws {
        self.size = size
        var start: Int64 = 0
        for level in (0..<63).reversed() where size >> Int64(level) & 1 == 1 {
            peaks.append(try node(level, start >> Int64(level)))
            start += 1 << Int64(level)
        }
    }

    /// Appends a leaf's hash and returns the complete subtrees that it finished: the leaf first, then upwards.
    @discardableResult
    package mutating func append(_ leaf: Digest, _ hasher: MerkleHasher) -> [TreeNode] {
        var made = [TreeNode(level: 0, index: size, hash: leaf)]
        var hash = leaf
        for level in 0..<size.trailingOnes {
            hash = hasher.node(peaks.removeLast(), hash)
            made.append(TreeNode(level: level + 1, index: size >> Int64(level + 1), hash: hash))
        }
        peaks.append(hash)
        size += 1
        return made
    }

    package func root(_ hasher: MerkleHasher) -> Digest {
        guard let smallest = peaks.last else { return hasher.empty }
        return peaks.dropLast().reversed().reduce(smallest) { right, left in hasher.node(left, right) }
    }
}

extension Int64 {
    /// How many 1 bits the binary form ends in.
    fileprivate var trailingOnes: Int { (~self).trailingZeroBitCount }
}
