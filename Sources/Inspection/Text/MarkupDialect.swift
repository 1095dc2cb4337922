/// What elements and attributes mean for the text around them.
enum MarkupDialect: Sendable {
    /// XML as programs exchange it: the name of an element or an attribute says what its value is, so it stays, as
    /// `name: value`, and every element is a place of its own.
    case data
    case html
    /// Word processing, spreadsheet and slide parts of Office Open XML (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300),
    /// one after the other as an unpacker prints them. Attributes are looks, names say nothing.
    case office

    enum Effect { case none, space, line, gap, named }

    /// What a start or end tag does. `name` is in lower case and without its prefix.
    func effect(of name: [UInt8], isEnd: Bool) -> Effect {
        switch self {
        case .data: isEnd ? .gap : .named
        case .html: Self.htmlEffects[name] ?? .none
        case .office: Self.officeEffects[name] ?? .none
        }
    }

    /// Elements whose content is no text.
    func hidesContent(of name: [UInt8]) -> Bool {
        if case .html = self { name == Self.script || name == Self.style } else { false }
    }

    func reads(attribute name: [UInt8]) -> Bool {
        switch self {
        case .data: !name.starts(with: "xmlns".utf8) && !name.isEmpty
        case .html: Self.htmlAttributes.contains(name)
        case .office: false
        }
    }

    private static let script = Array("script".utf8)
    private static let style = Array("style".utf8)
    private static let htmlAttributes = Set(["alt", "content", "title", "value"].map { Array($0.utf8) })

    /// Elements that start on a line of their own (WHATWG HTML section 15.3) are gaps.
    private static let htmlEffects = table([
        (
            .gap,
            """
            address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption \
            figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu meta nav ol optgroup option \
            p pre search section select summary table tbody td textarea tfoot th thead title tr ul
            """
        ), (.line, "br"), (.space, "img input wbr"),
    ])

    private static let officeEffects = table([
        (.line, "p h br cr line-break"), (.space, "tab s"),
        (.gap, "tc c v si table-cell page sld comment annotation creator description keywords subject title"),
    ])

    private static func table(_ lists: [(Effect, String)]) -> [[UInt8]: Effect] {
        let pairs = lists.flatMap { effect, names in names.split(separator: " ").map { (Array($0.utf8), effect) } }
        return Dictionary(pairs) { first, _ in first }
    }
}
