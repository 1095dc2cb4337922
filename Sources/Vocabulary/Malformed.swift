/// A value that is not what its type promises. Thrown at the door where outside bytes become one of our words.
package struct Malformed: Error, Hashable, CustomStringConvertible {
    /// What was being read, such as `agency id`.
    package let what: String
    /// Why it cannot be one. Never quotes more than a name of ours: the input may hold personal data.
    package let why: String

    package init(_ what: String, _ why: String) {
        self.what = what
        self.why = why
    }

    package var description: String { "\(what): \(why)" }
}
