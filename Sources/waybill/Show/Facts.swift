/// Names and values under each other, for people; values are cleaned here, and what is not known is left out.
struct Facts {
    private let rows: [(String, String)]

    init(_ rows: [(String, String?)]) {
        self.rows = rows.compactMap { name, value in value.map { (name, $0) } }
    }

    func lines(indent: String = "  ") -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { indent + $0.0.padded(to: width) + "  " + Terminal.clean($0.1) }
    }

    func show(indent: String = "  ") {
        for line in lines(indent: indent) { Terminal.say(line) }
    }
}
