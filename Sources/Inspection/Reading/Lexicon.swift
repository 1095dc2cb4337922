/// The words that speak for a category: data, dated, read from `Catalogue/words-DATE.yaml`.
package struct Lexicon: Hashable, Sendable {
    /// A word or phrase and what it counts.
    ///
    /// `prescri*` is a stem. A space stands for any run of up to four spaces, line ends, hyphens or underscores. A word
    /// that begins with two capitals, such as `GP`, counts only in that spelling; every other in any case.
    package struct Word: Hashable, Sendable {
        package let text: String
        package let weight: Int

        package init(_ text: String, weight: Int) {
            self.text = text
            self.weight = weight
        }
    }

    /// The words for one category.
    package struct Family: Hashable, Sendable {
        /// The kind of its finds, such as `health-words`.
        package let id: String
        package let category: String
        /// Different words within `window` bytes whose weights add up to this are worth a suggestion.
        package let threshold: Int
        package var window = 400
        /// True for a mark that a person must see but that stands for no category, such as `gra-s22`.
        package var isMarker = false
        package var words: [Word] = []
        /// Words that are also names: `Gay` and `Christian` do not count where they look like part of one.
        package var names: Set<String> = []
        /// Phrases that cancel the words of this family inside them: `charge nurse`.
        package var traps: [String] = []
        /// Phrases that cancel for one organisation only, by its id: local street, building and team names.
        package var allowed: [String: [String]] = [:]

        package init(id: String, category: String, threshold: Int) {
            self.id = id
            self.category = category
            self.threshold = threshold
        }
    }

    package let version: String
    package let families: [Family]

    package init(version: String, families: [Family]) {
        self.version = version
        self.families = families
    }

    /// A word that `WordTable` can hold: 2 to 48 bytes of ASCII that begin with a letter or digit, with a star at most
    /// at the end of at least three others.
    package static func isWord(_ text: String) -> Bool {
        let body = text.utf8.last == UInt8(ascii: "*") ? text.utf8.dropLast() : text.utf8[...]
        guard let first = body.first, Bytes.isAlphanumeric(first) else { return false }
        return (text.utf8.count > body.count ? 3...48 : 2...48).contains(body.count)
            && body.allSatisfy { (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "*") }
    }
}
