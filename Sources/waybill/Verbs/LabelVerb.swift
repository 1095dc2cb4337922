internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Inspection
internal import Law
internal import Policy
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

struct LabelVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "What policy would say.", subcommands: [LabelCheckVerb.self])
}

struct LabelCheckVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "What policy would say of a file, without sending it.",
        discussion: """
            Says where each field of its label comes from, which rules speak, by which law, and what would put it \
            right. A side-car NAME.label.yaml or .json beside the file counts, and so does what its content suggests \
            where the route looks into it. Ends with 1 if the file would be held or blocked, with 3 if there is no such \
            partner.
            """
    )

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The file.", completion: .file()) var file: String
    @Option(help: "To whom it would go.", transform: AgencyID.init) var partner: AgencyID
    @Option(help: "Into which route's folder it would be dropped.", transform: RouteName.init) var route: RouteName
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let path = InstalledAgency.absolute(file)
        guard FileSystem.exists(path) else {
            throw Trouble("There is no such file.", why: path, fix: "Name the file that you want to send.")
        }
        guard try FileSystem.isRegular(path) else {
            throw Trouble("This is not a file.", why: path, fix: "Name a file; folders and devices are never sent.")
        }
        let premises = try installation.premises()
        let facts = PartnerFacts(premises, at: WallClock.now())
        // Nobody is told that it would go to somebody who is not there.
        _ = try facts.require(partner)
        let files = try LawFiles.load(premises.folders)
        let now = WallClock.now()
        let sideCar = [".label.yaml", ".label.json"].map { path + $0 }.first(where: FileSystem.exists)
        let (us, law) = (
            premises.settings.agency,
            LoadedLaw(files, admission: premises.settings.admission, offices: premises.settings.offices)
        )
        let check = law.contentCheck(route, sender: us, recipient: partner, at: now)
        let inspection = check == .off ? nil : try await ContentLookAtHand.look(into: path, premises, now)
        var drop = LoadedLaw.Drop(
            route, sideCar: try sideCar.map { try FileSystem.read($0) }, Share.Sides(from: us, to: partner), at: now)
        (drop.suggested, drop.partners) = (inspection?.suggested ?? [], Set(facts.partners.map(\.id)))
        let judged = law.judge(drop)
        let theirs = judged.label.map { law.regime(receiving: $0, from: us, we: partner, at: now) }
        let verdict = Verdict(judged, recipient: theirs, inspection)
        if json { Terminal.say(verdict.json.line) } else { verdict.show(files.catalogue, on: now.londonDate) }
        if !verdict.mayGo { throw Answer.no }
    }
}
