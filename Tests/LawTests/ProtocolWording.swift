/// The lists of the protocol, taken from its text.
struct ProtocolWording {
    let partners: [String]
    let purposes: [String]
    let personal: [String]
    let special: [String]
    /// 2.3, the sentence.
    let criminal: String
    /// 4.1: each basis that it names, with its number.
    let bases: [String]

    init(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
        func sentence(_ start: String) -> Substring { lines.first { $0.hasPrefix(start) } ?? "" }
        func bullets(from start: String, to end: String) -> [String] {
            let part = lines.drop { !$0.hasPrefix(start) }.prefix { !$0.hasPrefix(end) }
            return part.filter { $0.hasPrefix("•") }.map { Self.item($0.dropFirst()) }
        }
        func list(_ start: String) -> [String] {
            (sentence(start).split(separator: ":").last ?? "").split(separator: ";").map(Self.item)
        }
        partners = bullets(from: "3.1", to: "3.2")
        purposes = bullets(from: "5.3", to: "6.")
        (personal, special) = (list("2.1"), list("2.2"))
        criminal = Self.item(sentence("2.3").dropFirst(3))
        bases = bullets(from: "4.1", to: "4.2").flatMap { Self.bases($0) }
    }

    /// "UK GDPR Articles 6(1)(c) legal obligation; 6(1)(e) public task" names two.
    private static func bases(_ bullet: String) -> [String] {
        let several = "UK GDPR Articles "
        guard bullet.hasPrefix(several) else { return [bullet] }
        return bullet.dropFirst(several.count).split(separator: ";").map(item)
    }

    /// Without what joins it to its neighbours.
    private static func item(_ text: Substring) -> String {
        var words = text.drop { $0 == " " }
        while words.last == " " { words = words.dropLast() }
        if words.hasPrefix("and ") { words = words.dropFirst(4) }
        for end in ["; and", "."] where words.hasSuffix(end) { words = words.dropLast(end.count) }
        return String(words)
    }
}
