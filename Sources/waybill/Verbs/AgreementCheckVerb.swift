internal import ArgumentParser
internal import Envelope
internal import Folders
internal import Law
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

struct AgreementCheckVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Is an agreement file sound? Every mistake with its line and a hint.",
        discussion: """
            Checked against the catalogue of the installation and beside its other agreements; without an \
            installation, against what Waybill ships. Ends with 1 if it is not sound.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The file.", completion: .file(extensions: ["yaml", "json"])) var file: String

    func run() throws {
        let catalogue = try LawAtHand.catalogue(installation)
        let bytes = try LawAtHand.read(file)
        let reading = AgreementReader.read(
            bytes, file: file, sha256: SHA256.digest(bytes), catalogue: catalogue)
        let check = AgreementCheck(reading, beside: try LawAtHand.agreements(installation, catalogue), catalogue)
        for problem in check.problems { show(problem) }
        guard check.isSound, let agreement = reading.value else {
            Terminal.complain("\(file) is not sound. Mend each line above, and check it again.")
            throw Answer.no
        }
        let parties = Words.count(agreement.parties.count, "party", "parties")
        let routes = Words.count(agreement.routes.count, "route", "routes")
        Terminal.say("\(agreement.id), version \(agreement.version): sound. \(parties), \(routes).")
        Terminal.say("SHA-256 \(agreement.sha256.hex), which every label pins.")
        for review in agreement.reviews(on: WallClock.now().londonDate) { Terminal.say(review.sentence) }
    }

    private func show(_ problem: SettingsProblem) {
        Terminal.say(
            Terminal.paint(Terminal.clean(problem.description), problem.severity == .error ? .red : .yellow))
    }
}

/// The mistakes of one file, and those that it makes beside the other agreements.
struct AgreementCheck {
    let problems: [SettingsProblem]
    var isSound: Bool { problems.allSatisfy { $0.severity == .warning } }

    /// - Parameter others: the agreements that are loaded; this very file may be among them. What is wrong with them
    ///   without it is not told.
    init(_ reading: Reading<Agreement>, beside others: [Reading<Agreement>], _ catalogue: Catalogue) {
        guard let agreement = reading.value else {
            problems = reading.problems
            return
        }
        let others = others.filter { $0.value?.sha256 != agreement.sha256 && $0.file != reading.file }
        let known = Set(AgreementSet.check(others, catalogue: catalogue))
        let together = AgreementSet.check(others + [reading], catalogue: catalogue)
        problems = reading.problems + together.filter { !known.contains($0) }
    }
}
