internal import ArgumentParser
internal import Folders
internal import Inspection
internal import Law
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

struct BenchCorpus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "How well the content check knows an invented corpus.")

    @Argument(help: "The folder with the texts and manifest.tsv.") var folder: String

    func run() throws {
        let lexicon = try LexiconReader.read(Shipped.words, file: Shipped.wordsName).get()
        let table = WordTable(lexicon)
        let lines = String(decoding: try read("manifest.tsv"), as: UTF8.self).split(separator: "\n").map(String.init)
        let (held, known) = (lines.filter { $0.hasPrefix("held-") }, lines.filter { !$0.hasPrefix("held-") })
        try tell("tuned for", known, table)
        try tell("never tuned for", held, table)
    }

    private func tell(_ what: String, _ manifest: [String], _ table: WordTable) throws {
        let score = try CorpusScore.measure(
            manifest: manifest.joined(separator: "\n"), table, today: WallClock.now().londonDate, text: read)
        print("\(score.documents) documents \(what):\n\(score.table)")
    }

    private func read(_ name: String) throws -> [UInt8] {
        try FileSystem.read("\(InstalledAgency.absolute(folder))/\(name)")
    }
}
