/// What a ledger must do, whatever it is made of: one case each.
package enum LedgerCase: String, Hashable, Sendable, CaseIterable {
    // Events and rows.
    case readsBack = "a delivery reads back: numbers, events, statements, row"
    case refusesWhole = "an impossible event is refused with all that came with it"
    case refusesOneGroup = "of 20 groups the seventh is refused, and the others are written"
    case judgesInOrder = "a group is judged after those before it, and one that needs a refused one is refused too"
    case emptyGroups = "groups without events, and no groups, are nothing"
    case threeKeys = "one id in both directions and with two partners is three consignments"
    case changes = "a row keeps its first sight while everything else of it may change"
    case concurrent = "a hundred callers at once all get their own numbers"
    case laterStatements = "later statements stand in the story of their consignment, the newest found by kind"

    // Lists.
    case pages = "pages join to the whole list, newest first, in every filter"
    case unknownPage = "a page after something unknown is refused, not begun again"

    // Duties.
    case dutyLife = "a duty opened with another event, deferred and closed by its own reads back whole"
    case severalDuties = "one event may carry several duties, and the last of one append counts"
    case refusedDuties = "what is refused writes no duty and changes none"
    case dutyFilters = "every condition holds, the earliest next comes first, and the limit cuts the rest"
    case dutyPages = "page by page every duty comes once and in order, also where many are due at one moment"

    // Tree and witnesses.
    case proofs = "the checkpoint covers everything, verifies, and carries proofs of every event"
    case epoch = "another epoch has another name, one event that says so, and the same tree"
    case witnessedHeads = "of two who keep a head after the same one, one is told that the other came first"
    case countersigned = "countersigned checkpoints are found by size and partner, the first of one size stays"
    case timeTokens = "time tokens are found by size, the newest alone too, the first of one size stays"

    // Notes.
    case passing = "staging marks last until the arrival ends, attempts until the delivery ends"
    case facts = "facts are remembered and forgotten together, and found by the beginning of their names"
}
