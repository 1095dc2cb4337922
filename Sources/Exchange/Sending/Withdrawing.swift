/// Why what was signed cannot go: the words are in the ledger.
enum Withdrawing {
    static let changed = "The file changed while it was being sent."
    static let clock = "It was signed while our clock was ahead of the time."
}
