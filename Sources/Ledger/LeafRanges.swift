package import Vocabulary

/// Sequence numbers of leaves as ranges, ascending and apart from each other. A value in detail facts, as
/// `[[first, last], ...]`.
package struct LeafRanges: Hashable, Sendable {
    package private(set) var ranges: [ClosedRange<Int64>] = []

    package init() {}

    /// In any order; a number may come again.
    package init(_ numbers: some Sequence<Int64>) {
        for number in numbers.sorted() { append(number...number) }
    }

    /// All of several, whatever their order.
    package init(joining parts: [LeafRanges]) {
        for range in parts.flatMap(\.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    /// The next in ascending order.
    package mutating func append(_ range: ClosedRange<Int64>) {
        guard let last = ranges.last, range.lowerBound <= last.upperBound + 1 else { return ranges.append(range) }
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }

    package var isEmpty: Bool { ranges.isEmpty }
    package var last: Int64? { ranges.last?.upperBound }

    package func contains(_ number: Int64) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(number)
    }

    /// What of this the other does not have.
    package func subtracting(_ other: LeafRanges) -> [ClosedRange<Int64>] {
        var (left, next): ([ClosedRange<Int64>], Int) = ([], 0)
        for range in ranges {
            var from = range.lowerBound
            while next < other.ranges.count, other.ranges[next].upperBound < from { next += 1 }
            for cut in other.ranges[next...].prefix(while: { $0.lowerBound <= range.upperBound }) {
                if from < cut.lowerBound { left.append(from...(cut.lowerBound - 1)) }
                from = cut.upperBound + 1
            }
            if from <= range.upperBound { left.append(from...range.upperBound) }
        }
        return left
    }

    package var json: JSON {
        .array(ranges.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) })
    }

    package init(_ json: JSON) throws(Malformed) {
        let wrong = Malformed("ranges of leaves", "must be pairs of numbers, ascending and apart")
        guard case .array(let items) = json else { throw wrong }
        for item in items {
            guard case .array(let pair) = item, pair.count == 2, case .integer(let first) = pair[0],
                case .integer(let last) = pair[1], 0 <= first, first <= last, last < Int64.max,
                ranges.last.map({ $0.upperBound + 1 < first }) ?? true
            else { throw wrong }
            ranges.append(first...last)
        }
    }
}
