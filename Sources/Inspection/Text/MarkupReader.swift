/// The text of XML and HTML without its tags, entities decoded. It forgives everything: a `<` that begins no tag and an `&`
/// that begins no entity are text.
struct MarkupReader: TextReader {
    private enum State {
        case text, tagOpen, tagName, beforeName, attributeName, afterName, beforeValue
        /// Which quote ends the value; nil for a value without quotes.
        case value(UInt8?)
        /// `<!` or `<?` and what follows, until it shows what it is.
        case declaration
        /// Until this ending.
        case skipping(Ending)
        case cdata
    }

    private enum Ending { case comment, instruction, doctype, hidden }

    private let dialect: MarkupDialect
    private var state = State.text
    private var isEnd = false
    /// The element's and the attribute's name in lower case, without prefix, at most `longestName` bytes.
    private var element: [UInt8] = []
    private var attribute: [UInt8] = []
    /// Their names as written, for `name: value`.
    private var writtenElement: [UInt8] = []
    private var writtenAttribute: [UInt8] = []
    private var entity: EntityDecoder?
    /// The latest bytes of a declaration, comment, CDATA section or hidden element, to know its beginning and its end.
    private var recent: [UInt8] = []
    private var text = TextBuffer()

    private static let longestName = 64

    init(_ dialect: MarkupDialect) { self.dialect = dialect }

    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
        for index in bytes.indices { take(bytes[index], &sink) }
        text.flush(&sink)
    }

    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink) {
        if let kept = entity?.giveUp() { text.put(kept, &sink) }
        entity = nil
        if case .tagOpen = state { text.put(UInt8(ascii: "<"), &sink) }
        if case .cdata = state { text.put(recent, &sink) }
        text.flush(&sink)
    }

    private mutating func take(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        switch state {
        case .text: takeText(byte, &sink)
        case .tagOpen: takeTagOpen(byte, &sink)
        case .tagName: takeTagName(byte, &sink)
        case .beforeName, .attributeName, .afterName, .beforeValue: takeInTag(byte, &sink)
        case .value(let quote): takeValue(byte, quote, &sink)
        case .declaration: takeDeclaration(byte)
        case .skipping(let ending): skip(byte, ending)
        case .cdata: takeCDATA(byte, &sink)
        }
    }

    // MARK: Text

    private mutating func takeText(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        if !takeEntity(byte, &sink) { return }
        if byte == UInt8(ascii: "<") { state = .tagOpen } else { text.put(byte, &sink) }
    }

    /// - Returns: whether `byte` is no part of an entity and still has to be taken.
    private mutating func takeEntity(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) -> Bool {
        if var begun = entity {
            let step = begun.take(byte)
            switch step {
            case .more: entity = begun
            case .scalar(let scalar): text.put(scalar, &sink)
            case .none: text.put(begun.giveUp(), &sink)
            }
            if case .more = step { return false }
            entity = nil
            if case .scalar = step { return false }
        }
        guard byte == UInt8(ascii: "&") else { return true }
        entity = EntityDecoder()
        return false
    }

    // MARK: Tags

    private mutating func takeTagOpen(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        element.removeAll(keepingCapacity: true)
        writtenElement.removeAll(keepingCapacity: true)
        recent.removeAll(keepingCapacity: true)
        isEnd = byte == UInt8(ascii: "/")
        switch byte {
        case UInt8(ascii: "/"): state = .tagName
        case UInt8(ascii: "!"): state = .declaration
        case UInt8(ascii: "?"):
            // A new document, when several come one after the other.
            text.gap()
            state = .skipping(.instruction)
        case let letter where Self.beginsName(letter):
            state = .tagName
            takeTagName(byte, &sink)
        default:
            state = .text
            text.put(UInt8(ascii: "<"), &sink)
            takeText(byte, &sink)
        }
    }

    private static func beginsName(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private mutating func takeTagName(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20, UInt8(ascii: "/"), UInt8(ascii: ">"):
            apply(&sink)
            state = .beforeName
            takeInTag(byte, &sink)
        default: Self.extend(&element, &writtenElement, byte)
        }
    }

    private static func extend(_ name: inout [UInt8], _ written: inout [UInt8], _ byte: UInt8) {
        // A prefix goes, but `xmlns:a` is not the attribute `a`.
        if byte == UInt8(ascii: ":") && !name.elementsEqual("xmlns".utf8) {
            name.removeAll(keepingCapacity: true)
            written.removeAll(keepingCapacity: true)
        } else if name.count < longestName {
            name.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
            written.append(byte)
        }
    }

    private mutating func apply(_ sink: inout some TextSink & ~Copyable) {
        switch dialect.effect(of: element, isEnd: isEnd) {
        case .none: break
        case .space: text.put(0x20, &sink)
        case .line: text.put(0x0A, &sink)
        // A name goes before the text of its element, so after its attributes.
        case .gap, .named: text.gap()
        }
    }

    private mutating func put(name: [UInt8], _ sink: inout some TextSink & ~Copyable) {
        text.gap()
        text.put(name, &sink)
        text.put(": ".utf8, &sink)
    }

    private mutating func takeInTag(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        switch (state, byte) {
        case (.beforeValue, UInt8(ascii: "\"")), (.beforeValue, UInt8(ascii: "'")): beginValue(byte, &sink)
        case (_, UInt8(ascii: ">")): closeTag(&sink)
        case (.attributeName, 0x09), (.attributeName, 0x0A), (.attributeName, 0x0D), (.attributeName, 0x20):
            state = .afterName
        case (_, 0x09), (_, 0x0A), (_, 0x0D), (_, 0x20): break
        case (.attributeName, UInt8(ascii: "=")), (.afterName, UInt8(ascii: "=")): state = .beforeValue
        case (.attributeName, _): Self.extend(&attribute, &writtenAttribute, byte)
        case (.beforeValue, _):
            beginValue(nil, &sink)
            takeValue(byte, nil, &sink)
        case (_, UInt8(ascii: "/")): state = .beforeName
        default:
            attribute.removeAll(keepingCapacity: true)
            writtenAttribute.removeAll(keepingCapacity: true)
            state = .attributeName
            Self.extend(&attribute, &writtenAttribute, byte)
        }
    }

    private mutating func beginValue(_ quote: UInt8?, _ sink: inout some TextSink & ~Copyable) {
        state = .value(quote)
        if readsAttribute { put(name: writtenAttribute, &sink) }
    }

    private var readsAttribute: Bool { !isEnd && dialect.reads(attribute: attribute) }

    private mutating func takeValue(_ byte: UInt8, _ quote: UInt8?, _ sink: inout some TextSink & ~Copyable) {
        let isLast =
            quote.map { byte == $0 } ?? (byte == 0x20 || byte == UInt8(ascii: ">") || (0x09...0x0D).contains(byte))
        if !isLast {
            if readsAttribute && takeEntity(byte, &sink) { text.put(byte, &sink) }
            return
        }
        if let kept = entity?.giveUp() { text.put(kept, &sink) }
        entity = nil
        if readsAttribute { text.gap() }
        state = .beforeName
        if quote == nil { takeInTag(byte, &sink) }
    }

    private mutating func closeTag(_ sink: inout some TextSink & ~Copyable) {
        recent.removeAll(keepingCapacity: true)
        if case .named = dialect.effect(of: element, isEnd: isEnd) { put(name: writtenElement, &sink) }
        state = !isEnd && dialect.hidesContent(of: element) ? .skipping(.hidden) : .text
    }

    // MARK: What is no element

    private static let commentStart = Array("--".utf8)
    private static let commentEnd = Array("-->".utf8)
    private static let instructionEnd = Array("?>".utf8)
    private static let cdataStart = Array("[CDATA[".utf8)

    private mutating func takeDeclaration(_ byte: UInt8) {
        recent.append(byte)
        if recent == Self.commentStart || recent == Self.cdataStart {
            state = recent == Self.commentStart ? .skipping(.comment) : .cdata
            recent.removeAll(keepingCapacity: true)
        } else if !Self.commentStart.starts(with: recent) && !Self.cdataStart.starts(with: recent) {
            state = byte == UInt8(ascii: ">") ? .text : .skipping(.doctype)
            recent.removeAll(keepingCapacity: true)
        }
    }

    private mutating func skip(_ byte: UInt8, _ ending: Ending) {
        switch ending {
        case .comment: if endsWith(Self.commentEnd, byte) { state = .text }
        case .instruction: if endsWith(Self.instructionEnd, byte) { state = .text }
        case .doctype: if byte == UInt8(ascii: ">") { state = .text }
        case .hidden:
            // The rest of `</script` is an end tag like any other.
            guard endsWith(Array("</".utf8) + element, byte) else { return }
            isEnd = true
            state = .beforeName
        }
    }

    private mutating func endsWith(_ ending: [UInt8], _ byte: UInt8) -> Bool {
        recent.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        if recent.count > ending.count { recent.removeFirst() }
        return recent == ending
    }

    private mutating func takeCDATA(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        recent.append(byte)
        if recent.elementsEqual("]]>".utf8) {
            recent.removeAll(keepingCapacity: true)
            state = .text
        } else if recent.count == 3 {
            text.put(recent.removeFirst(), &sink)
        }
    }
}
