internal import Ledger
package import Vocabulary

/// How far a check has come, so that another goes on from there: bound to one ledger and to what was checked of it.
///
///     waybill-check/v1
///     waybill/cleveland-police/1f2e.../4b0c...     the ledger
///     12000 2003                                   events and rows that were checked
///     9f86d0...                                    roots of the complete subtrees, largest first, a line each
package struct CheckMark: Hashable, Sendable {
    private static let header = "waybill-check/v1"
    package let origin: String
    /// Every row of consignments up to this number was checked too.
    package let row: Int64
    let frontier: MerkleFrontier
    package var events: Int64 { frontier.size }

    init(origin: String, row: Int64, frontier: MerkleFrontier) {
        (self.origin, self.row, self.frontier) = (origin, row, frontier)
    }

    package var text: String {
        ([Self.header, origin, "\(events) \(row)"] + frontier.peaks.map(\.hex)).joined(separator: "\n") + "\n"
    }

    package init(parsing text: String) throws(Malformed) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let wrong = Malformed("mark of a ledger check", "is not one of ours")
        guard lines.count > 3, lines[0] == Self.header, lines.last?.isEmpty == true else { throw wrong }
        let numbers = lines[2].split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 2, numbers.allSatisfy({ $0 >= 0 }) else { throw wrong }
        var peaks: [Digest] = []
        for line in lines[3...].dropLast() { peaks.append(try Digest(hex: line)) }
        guard peaks.count == numbers[0].nonzeroBitCount else { throw wrong }
        (origin, row) = (lines[1], numbers[1])
        frontier = MerkleFrontier(size: numbers[0], peaks: peaks)
    }
}
