/// Pages of an extracted text that hold no word: scans, pictures, or nothing.
struct PageCount {
    private(set) var empty = 0
    private var hasText = false

    /// Each page ends in a form feed, as pdftotext writes it.
    mutating func read(_ text: Span<UInt8>) {
        for index in text.indices {
            if text[index] == 0x0C {
                if !hasText { empty += 1 }
                hasText = false
            } else if text[index] > 0x20 {
                hasText = true
            }
        }
    }

    var sentence: String {
        empty == 1
            ? "one page holds no text, only a picture perhaps" : "\(empty) pages hold no text, only pictures perhaps"
    }
}

/// Looks for words in a stream that may break anywhere.
struct WordWatch {
    private let words: [[UInt8]]
    private var tail: [UInt8] = []
    private(set) var isFound = false

    init(_ words: [String]) { self.words = words.map { Array($0.utf8) } }

    mutating func read(_ bytes: Span<UInt8>) {
        guard !isFound else { return }
        for index in bytes.indices { tail.append(bytes[index] | 0x20) }
        isFound = words.contains { word in
            tail.indices.dropLast(word.count - 1).contains { tail[$0...].starts(with: word) }
        }
        tail = tail.suffix(64)
    }
}
