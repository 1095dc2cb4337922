internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Law
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

struct AgreementShowVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One agreement: parties, and what each route says of the files dropped into it.")

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The agreement's id, such as tees-tier-2.") var id: String

    func run() throws {
        let law = try LawFiles.load(installation.premises().folders)
        let found = law.agreements.filter { $0.id == id }
        guard !found.isEmpty else {
            Terminal.complain("No agreement \(Terminal.clean(id)) is loaded. See: waybill agreement list")
            throw Answer.no
        }
        for agreement in found { show(agreement, law.catalogue, WallClock.now()) }
    }

    private func show(_ agreement: Agreement, _ catalogue: Catalogue, _ now: Instant) {
        let today = now.londonDate
        Terminal.say(Terminal.paint("\(agreement.id), version \(agreement.version)", .bold))
        let parties = agreement.parties.filter { $0.isParty(on: today) }.map(\.id.text)
        let gone = agreement.parties.filter { !$0.isParty(on: today) }.map(\.id.text)
        let reviews = agreement.reviews(on: today).map { "\($0.document) \($0.state.words)" }
        Facts([
            ("title", agreement.title), ("SHA-256", agreement.sha256.hex), ("under", agreement.under),
            ("in force", "\(agreement.validFrom) to \(agreement.validTo?.description ?? "further notice")"),
            ("reviews", reviews.joined(separator: "; ")),
            ("purposes", agreement.purposes.joined(separator: ", ")),
            ("policy", agreement.policyDocument.map { "\($0.id), review by \($0.reviewBy?.description ?? "-")" }),
            ("parties", parties.joined(separator: ", ")),
            ("not today", gone.isEmpty ? nil : gone.joined(separator: ", ")),
        ]).show()
        for route in agreement.routes {
            let label = Labelling(under: agreement, catalogue, at: now).label(route).label
            Terminal.say(
                Terminal.paint("\nroute \(route.name)", .bold) + (route.emergency ? "  (emergency: never waits)" : ""))
            LabelWords(label, catalogue, on: today).facts.show()
            if route.sideCarRequired { Terminal.say("  A file waits here for its side-car NAME.label.yaml.") }
        }
    }
}
