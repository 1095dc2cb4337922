/// Something that a ledger check found, with the place named.
package struct LedgerProblem: Hashable, Sendable, CustomStringConvertible {
    /// Such as `leaf 42` or `consignment 0199…`.
    package let place: String
    /// What is wrong there, without personal data.
    package let what: String

    package init(_ place: String, _ what: String) {
        self.place = place
        self.what = what
    }

    package var description: String { "\(place): \(what)" }
}
