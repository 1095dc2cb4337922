/// The text of an RTF document (Rich Text Format 1.9.1). Fonts, styles and pictures are left out.
struct RichTextReader: TextReader {
    private struct Group {
        var isHidden = false
        /// `\ucN`: how many plain characters stand behind each `\u` for readers that do not know it.
        var fallbacks = 1
    }

    private enum State {
        case text, control, word, parameter
        /// After `\'`: the first digit, once it is there.
        case hex(UInt8?)
        /// Bytes of a picture still to come.
        case binary(Int)
    }

    private var state = State.text
    private var group = Group()
    /// Groups around this one, at most `deepest`; deeper ones are counted only and share their rules.
    private var outer: [Group] = []
    private var tooDeep = 0
    private var word: [UInt8] = []
    private var parameter: [UInt8] = []
    private var toSkip = 0
    private var high: UInt16?
    private var text = TextBuffer()

    private static let deepest = 256
    private static let longestWord = 32

    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
        for index in bytes.indices { take(bytes[index], &sink) }
        text.flush(&sink)
    }

    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink) {
        if !word.isEmpty { endWord(&sink) }
        text.flush(&sink)
    }

    private mutating func take(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        switch state {
        case .text: takeText(byte, &sink)
        case .control: takeControl(byte, &sink)
        case .word: takeWord(byte, &sink)
        case .parameter: takeParameter(byte, &sink)
        case .hex(let first): takeHex(byte, first, &sink)
        case .binary(let left): state = left > 1 ? .binary(left - 1) : .text
        }
    }

    private mutating func takeText(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        switch byte {
        case UInt8(ascii: "{"): open()
        case UInt8(ascii: "}"): close()
        case UInt8(ascii: "\\"): state = .control
        case 0x0A, 0x0D: break
        default: put(byte, &sink)
        }
    }

    private mutating func open() {
        toSkip = 0
        if outer.count < Self.deepest { outer.append(group) } else { tooDeep += 1 }
    }

    private mutating func close() {
        toSkip = 0
        if tooDeep > 0 { tooDeep -= 1 } else { group = outer.popLast() ?? Group() }
    }

    private mutating func takeControl(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        state = .text
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            state = .word
            word = [byte]
        case UInt8(ascii: "'"): state = .hex(nil)
        // A destination that older readers may leave out: none that holds what a person wrote.
        case UInt8(ascii: "*"): group.isHidden = true
        case UInt8(ascii: "~"): put(0x20, &sink)
        case UInt8(ascii: "_"): put(UInt8(ascii: "-"), &sink)
        case UInt8(ascii: "-"): break
        case 0x0A, 0x0D: put(0x0A, &sink)
        default: put(byte, &sink)
        }
    }

    private mutating func takeWord(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            if word.count < Self.longestWord { word.append(byte) }
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            state = .parameter
            parameter = [byte]
        default: endWord(byte, &sink)
        }
    }

    private mutating func takeParameter(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        guard isDigit && parameter.count < 10 else { return endWord(byte, &sink) }
        parameter.append(byte)
    }

    /// A space ends a control word and belongs to it; anything else comes after it.
    private mutating func endWord(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        state = .text
        endWord(&sink)
        if case .binary = state { return }
        if byte != 0x20 { takeText(byte, &sink) }
    }

    private mutating func endWord(_ sink: inout some TextSink & ~Copyable) {
        let name = String(decoding: word, as: UTF8.self)
        let value = Int(String(decoding: parameter, as: UTF8.self))
        word.removeAll(keepingCapacity: true)
        parameter.removeAll(keepingCapacity: true)
        switch name {
        case "par", "line", "softline": put(0x0A, &sink)
        case "tab", "emspace", "enspace": put(0x20, &sink)
        case "cell", "nestcell", "row", "page", "sect": text.gap()
        case "lquote", "rquote": put(UInt8(ascii: "'"), &sink)
        case "endash", "emdash": put(UInt8(ascii: "-"), &sink)
        case "uc": group.fallbacks = min(max(value ?? 1, 0), 16)
        case "u": putUnicode(value ?? 0, &sink)
        case "bin": if let value, value > 0 { state = .binary(value) }
        case "fonttbl", "colortbl", "stylesheet", "pict", "objdata": group.isHidden = true
        default: break
        }
    }

    private mutating func takeHex(_ byte: UInt8, _ first: UInt8?, _ sink: inout some TextSink & ~Copyable) {
        guard let digit = Hexadecimal.digit(byte) else {
            state = .text
            return takeText(byte, &sink)
        }
        guard let first else { return state = .hex(digit) }
        state = .text
        put(first << 4 | digit, &sink)
    }

    private mutating func putUnicode(_ value: Int, _ sink: inout some TextSink & ~Copyable) {
        guard !group.isHidden else { return }
        // Numbers above 32,767 are written as negative ones.
        if let scalar = Surrogates.take(UInt16(truncatingIfNeeded: value), &high) { text.put(scalar, &sink) }
        toSkip = group.fallbacks
    }

    private mutating func put(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        if toSkip > 0 { return toSkip -= 1 }
        guard !group.isHidden else { return }
        text.put(byte < 0x80 ? Unicode.Scalar(byte) : Charset.western(byte), &sink)
    }
}
