internal import ArgumentParser
internal import Policy

struct CatalogueDiffVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What a new catalogue changes, one sentence each.",
        discussion: """
            Each of the two is a file, or the word installed or shipped. Rows that are gone are never right: old \
            decisions cite them. Ends with 1 if anything differs.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The old one.", completion: .file(extensions: ["yaml"])) var old: String
    @Argument(help: "The new one.", completion: .file(extensions: ["yaml"])) var new: String
    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
        let before = try LawAtHand.catalogue(named: old, installation)
        let after = try LawAtHand.catalogue(named: new, installation)
        let difference = CatalogueDifference(from: before, to: after)
        for change in difference.changes {
            Terminal.say(json ? Self.line(change) : Self.words(change))
        }
        let counts = CatalogueDifference.Change.What.allCases.map { "\(difference.count($0)) \($0.rawValue)" }
        Terminal.complain("\(before.version) to \(after.version): \(counts.joined(separator: ", ")).")
        if !difference.changes.isEmpty { throw Answer.no }
    }

    private static func words(_ change: CatalogueDifference.Change) -> String {
        let paints: [CatalogueDifference.Change.What: Terminal.Paint] = [.added: .green, .removed: .red]
        return Terminal.paint(Terminal.clean(change.sentence), paints[change.what])
    }

    private static func line(_ change: CatalogueDifference.Change) -> String {
        JSONText.object([
            ("what", .text(change.what.rawValue)), ("list", .text(change.list)), ("id", .text(change.id)),
            ("sentence", .text(change.sentence)),
        ]).line
    }
}
