/// What counts as collected.
package enum Collected: String, Sendable, CaseIterable {
    /// Moved away or removed.
    case moved
    /// Or opened by any program, as far as this machine's kernel tells.
    case opened
}
