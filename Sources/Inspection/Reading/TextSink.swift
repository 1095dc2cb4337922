/// Takes the text of a file piece by piece, as UTF-8. A piece may end anywhere, within a word or a character.
package protocol TextSink: ~Copyable {
    mutating func feed(_ utf8: Span<UInt8>)
    /// Nothing before this and after it belongs together: the end of a cell, a page, a message part.
    mutating func gap()
    /// Whether nothing that may follow changes what this tells: the rest need not be read.
    var isSaturated: Bool { get }
}

extension TextSink where Self: ~Copyable {
    package var isSaturated: Bool { false }
}
