internal import ArgumentParser
internal import Reports
internal import Vocabulary

/// `--json`, `--csv`, or for people.
struct ReportForm: ParsableArguments {
    @Flag(help: "One JSON object a line.") var json = false
    @Flag(help: "Comma-separated values with a title line.") var csv = false

    func validate() throws {
        if json, csv { throw ValidationError("Choose --json or --csv.") }
    }
}

/// Puts the lines of a report on standard output as they come: JSON, CSV, or what `people` makes of them.
struct ReportPrinter {
    let form: ReportForm
    private(set) var count = 0

    init(_ form: ReportForm) { self.form = form }

    mutating func take(_ line: ReportLine, people: (ReportLine) -> Void) {
        if form.csv, count == 0 { Terminal.say(line.csvHeader) }
        count += 1
        if form.json {
            Terminal.say(JSONText.json(line.json).line)
        } else if form.csv {
            Terminal.say(line.csv)
        } else {
            people(line)
        }
    }
}

extension ReportLine {
    /// Names and values under each other, for lines with too many columns for a table.
    var facts: Facts {
        Facts(
            columns.map { column in
                (ColumnName.words(column.name), column.cell.plain.isEmpty ? nil : column.cell.plain)
            })
    }
}

/// The name of a column as words: `lawfulBasis` is "lawful basis".
enum ColumnName {
    static func words(_ name: String) -> String {
        let known = ["dpia": "DPIA", "id": "id", "dpoViews": "DPO views", "part3Provisions": "Part 3 provisions"]
        return known[name]
            ?? name.reduce(into: "") { words, letter in
                if letter.isUppercase || (letter.isNumber && words.last?.isNumber == false) { words += " " }
                words += letter.lowercased()
            }
    }
}
