/// Whose lock file it is that an office program keeps beside an open document: for the message to whoever waits for it.
package enum OfficeMark {
    /// The name that the program wrote into it; nil if it holds none that can be read.
    ///
    /// Word's are 162 bytes: a length and 53 bytes of an old encoding, a length and 53 units of UTF-16. Excel's and
    /// PowerPoint's are 165 bytes, with 54 of each. LibreOffice's are text: `NAME,ACCOUNT,MACHINE,DATE,PROFILE;`, with
    /// backslashes before commas that belong to the text.
    package static func owner(in mark: FileName, of folder: Folder) -> String? {
        guard let bytes = try? DurableFile.read(mark, in: folder, atMost: 4096) else { return nil }
        let name = mark.bytes.starts(with: ".~lock.".utf8) ? libreOffice(bytes) : microsoft(bytes)
        return name.flatMap(clean)
    }

    static func microsoft(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 162 || bytes.count == 165 else { return nil }
        let places = bytes.count == 162 ? 53 : 54
        let wide = bytes[(1 + places)...]
        let count = Int(wide[wide.startIndex]) | Int(wide[wide.startIndex + 1]) << 8
        guard (1...places).contains(count), wide.count >= 2 + 2 * count else { return narrow(bytes, places) }
        let units = stride(from: wide.startIndex + 2, to: wide.startIndex + 2 + 2 * count, by: 2).map {
            UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// The part in an old encoding, where it is plain ASCII.
    private static func narrow(_ bytes: [UInt8], _ places: Int) -> String? {
        let name = bytes[1...].prefix(min(Int(bytes[0]), places))
        return name.isEmpty || name.contains { $0 >= 0x80 } ? nil : String(decoding: Array(name), as: UTF8.self)
    }

    static func libreOffice(_ bytes: [UInt8]) -> String? {
        var fields = [""]
        var isEscaped = false
        for character in String(decoding: bytes, as: UTF8.self) {
            if isEscaped || (character != "\\" && character != "," && character != ";") {
                fields[fields.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                fields.append("")
            } else {
                break
            }
        }
        return fields.prefix(2).first { !$0.allSatisfy(\.isWhitespace) }
    }

    /// One line of at most 60 letters: it goes into messages.
    private static func clean(_ name: String) -> String? {
        let letters = name.unicodeScalars.filter { $0.properties.generalCategory != .control && $0.value != 0 }
        let text = String(String.UnicodeScalarView(letters)).split(separator: " ").joined(separator: " ")
        return text.isEmpty ? nil : String(text.prefix(60))
    }
}
