internal import Vocabulary

/// How far ahead somebody looks, as they type it: `7d`, `2w`.
struct DaysAhead: Hashable {
    let count: Int64
    private static let most: Int64 = 3660

    init(_ text: String) throws(Malformed) {
        let units: [Character: Int64] = ["d": 1, "w": 7]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()),
            (0...Self.most).contains(number), number * unit <= Self.most
        else { throw Malformed("time ahead", "write so many days or weeks, such as 7d or 2w, up to ten years") }
        count = number * unit
    }
}
