import Vocabulary

/// - Parameter what: what is promised, in words for whoever finds it broken.
func promise(_ holds: Bool, _ what: @autoclosure () -> String) throws(Broken) {
    guard holds else { throw Broken(description: what()) }
}

/// The rule of `PlainText` in other words, so that a mistake there is seen here.
func promisePlain(_ text: String, lines: Bool, _ what: String) throws(Broken) {
    for scalar in text.unicodeScalars {
        let isLineEnd = lines && ["\t", "\n", "\r"].contains(scalar)
        try promise(
            isLineEnd || scalar.properties.generalCategory != .control, "\(what) holds no control characters")
        try promise(!["\u{2028}", "\u{2029}"].contains(scalar), "\(what) holds no line separators")
        try promise(!scalar.properties.isNoncharacterCodePoint, "\(what) holds characters only")
    }
}

/// Of every text in it, names of members too.
func promisePlain(_ json: JSON, lines: Bool) throws(Broken) {
    switch json {
    case .object(let members):
        for (name, value) in members {
            try promisePlain(name, lines: false, "a member's name")
            // Of a file: whatever it holds, every inbox and note shows it safely (`SafeName`, which has its own door).
            if name == "name", case .string = value { continue }
            try promisePlain(value, lines: lines)
        }
    case .array(let items): for item in items { try promisePlain(item, lines: lines) }
    case .string(let text): try promisePlain(text, lines: lines, "a text")
    case .integer, .bool: break
    }
}
