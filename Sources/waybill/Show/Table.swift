/// Rows in columns, for people. Cells are cleaned here, so that no caller can forget it.
struct Table {
    enum Align { case left, right }

    struct Column {
        let title: String
        let align: Align
        /// Longer cells end in `…` there; 0: never.
        let most: Int

        init(_ title: String, _ align: Align = .left, most: Int = 0) {
            self.title = title
            self.align = align
            self.most = most
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []
    private var paints: [Terminal.Paint?] = []

    init(_ columns: [Column]) { self.columns = columns }

    var isEmpty: Bool { rows.isEmpty }

    /// One cell a column.
    mutating func add(_ cells: [String], _ paint: Terminal.Paint? = nil) {
        paints.append(paint)
        rows.append(zip(columns, cells).map { Self.cut(Terminal.clean($1), to: $0.most) })
    }

    /// The title line first, then one line a row.
    var lines: [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { i in all.map { Self.width($0[i]) }.max() ?? 0 }
        return all.map { cells in
            let padded = cells.indices.map {
                pad(cells[$0], to: widths[$0], columns[$0].align, isLast: $0 == cells.count - 1)
            }
            return padded.joined(separator: "  ")
        }
    }

    func show(indent: String = "") {
        for (line, paint) in zip(lines, [.dim] + paints) { Terminal.say(indent + Terminal.paint(line, paint)) }
    }

    private func pad(_ text: String, to width: Int, _ align: Align, isLast: Bool) -> String {
        let gap = String(repeating: " ", count: width - Self.width(text))
        switch align {
        case .right: return gap + text
        case .left: return isLast ? text : text + gap
        }
    }

    private static func cut(_ text: String, to most: Int) -> String {
        guard most > 0, width(text) > most else { return text }
        var room = most - 1
        let kept = text.prefix { character in
            room -= width(of: character)
            return room >= 0
        }
        return kept + "…"
    }

    /// Columns on a screen: letters of East Asia and pictures take two.
    static func width(_ text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }

    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
            0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
            return 2
        default: return 1
        }
    }
}
