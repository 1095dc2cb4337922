package import Vocabulary

/// A tree of a given size over stored complete subtrees, and the proofs that it gives (RFC 6962 section 2.1).
///
/// Any size up to the stored one works: its complete subtrees are all stored, and what is not complete is computed.
/// Every answer reads O(log n) nodes (a consistency proof and a root likewise).
package struct MerkleTree {
    /// The root of the complete subtree `index` (from the left) of `2^level` leaves.
    package typealias NodeReader = (_ level: Int, _ index: Int64) throws -> Digest

    package let size: Int64
    private let hasher: MerkleHasher
    private let node: NodeReader

    package init(size: Int64, hasher: MerkleHasher, node: @escaping NodeReader) {
        self.size = size
        self.hasher = hasher
        self.node = node
    }

    package func root() throws -> Digest { size == 0 ? hasher.empty : try hash(of: 0..<size) }

    /// PATH(index, D[size]) of section 2.1.1: the leaf's sibling first. Throws `Malformed` for a leaf outside the tree.
    package func inclusionProof(of index: Int64) throws -> [Digest] {
        guard (0..<size).contains(index) else {
            throw Malformed("inclusion proof", "leaf \(index) is not in a tree of \(size)")
        }
        var proof: [Digest] = []
        var range = 0..<size
        while range.count > 1 {
            let (left, right) = Self.halves(of: range)
            proof.append(try hash(of: left.contains(index) ? right : left))
            range = left.contains(index) ? left : right
        }
        return proof.reversed()
    }

    /// PROOF(old, D[size]) of section 2.1.2, empty if the sizes are equal. Throws `Malformed` unless 0 < old <= size.
    package func consistencyProof(from old: Int64) throws -> [Digest] {
        guard old > 0, old <= size else {
            throw Malformed("consistency proof", "a tree of \(size) does not grow from one of \(old)")
        }
        var proof: [Digest] = []
        var range = 0..<size
        while range.upperBound != old {
            let (left, right) = Self.halves(of: range)
            let goesLeft = old <= left.upperBound
            proof.append(try hash(of: goesLeft ? right : left))
            range = goesLeft ? left : right
        }
        // The old tree's last subtree is known to the verifier only if it is the whole old tree.
        if range.lowerBound > 0 { proof.append(try hash(of: range)) }
        return proof.reversed()
    }

    /// MTH(D[range]); the range begins at a multiple of the largest power of two that fits.
    private func hash(of range: Range<Int64>) throws -> Digest {
        let level = (range.upperBound - range.lowerBound).trailingZeroBitCount
        if range.upperBound - range.lowerBound == 1 << Int64(level) {
            return try node(level, range.lowerBound >> Int64(level))
        }
        let (left, right) = Self.halves(of: range)
        return hasher.node(try hash(of: left), try hash(of: right))
    }

    /// Splits at the largest power of two smaller than the count.
    private static func halves(of range: Range<Int64>) -> (Range<Int64>, Range<Int64>) {
        let last = range.upperBound - range.lowerBound - 1
        let middle = range.lowerBound + 1 << Int64(63 - last.leadingZeroBitCount)
        return (range.lowerBound..<middle, middle..<range.upperBound)
    }
}
