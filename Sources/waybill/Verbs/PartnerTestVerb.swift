internal import ArgumentParser
internal import Premises
internal import Vocabulary

struct PartnerTestVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Can we reach a partner, and is it the one that we know?",
        discussion:
            "The daemon makes a real connection and fetches the partner's card. Ends with 1 if it was not reached.")

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The partner's id.", transform: AgencyID.init) var id: AgencyID
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let answer = try await Officer(installation.premises()).ask(.testPartner(id: id))
        let isReached = answer["reached"]?.isTrue == true
        let why = answer["why"]?.string ?? ""
        if json {
            Terminal.say(
                JSONText.object([("id", .text(id.text)), ("reached", .flag(isReached)), ("why", .text(why))]).line)
        } else {
            let word = isReached ? Terminal.paint("reached", .green) : Terminal.paint("not reached", .red)
            Terminal.say("\(id): \(word). \(Terminal.clean(why))")
        }
        if !isReached { throw Answer.no }
    }
}
