/// The last different words of one family, to weigh them within a window.
struct Passage {
    private struct Hit {
        var word: Int32 = -1
        var weight: Int32 = 0
        var position = 0
    }

    /// How many words weigh together at most.
    static let room = 8
    private var hits = InlineArray<8, Hit>(repeating: Hit())
    /// Words that begin before this are part of a longer one or of a trap.
    var coveredUntil = Int.min

    /// Adds a word and returns what the different words that began in the `window` bytes up to here weigh. A word that
    /// comes again counts once; of more than eight the oldest goes.
    mutating func add(_ word: Int, weight: Int, at position: Int, window: Int) -> Int {
        var (place, sum) = (0, weight)
        for index in 0..<Self.room {
            if hits[index].word == Int32(truncatingIfNeeded: word) || hits[index].position < position - window {
                hits[index] = Hit()
            }
            if hits[index].word < 0 || (hits[place].word >= 0 && hits[index].position < hits[place].position) {
                place = index
            }
            sum += Int(hits[index].weight)
        }
        if hits[place].word >= 0 { sum -= Int(hits[place].weight) }
        hits[place] = Hit(
            word: Int32(truncatingIfNeeded: word), weight: Int32(truncatingIfNeeded: weight), position: position)
        return sum
    }
}
