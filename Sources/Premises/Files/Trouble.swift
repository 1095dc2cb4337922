/// Something a person must put right, in three parts: what happened, why, what to do.
package struct Trouble: Error, Hashable, Sendable, CustomStringConvertible {
    package let what: String
    package let why: String
    package let fix: String

    package init(_ what: String, why: String, fix: String) {
        self.what = what
        self.why = why
        self.fix = fix
    }

    package var description: String { "\(what)\n  why: \(why)\n  fix: \(fix)" }
}
