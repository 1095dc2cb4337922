/// A verb's exit code other than 0, with nothing more to say.
struct Answer: Error {
    let code: Int32

    /// Not verified, nothing found, held.
    static let no = Answer(code: 1)
}
