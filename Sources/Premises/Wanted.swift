package import Ledger

/// Which consignments a person's decision is for.
package enum Wanted: Sendable {
    case held, sent, received

    package var filter: LedgerFilter {
        var filter = LedgerFilter()
        filter.direction = self == .received ? .received : .sent
        return filter
    }

    package func fits(_ state: ConsignmentState) -> Bool { self != .held || state == .held || state == .blocked }
}
