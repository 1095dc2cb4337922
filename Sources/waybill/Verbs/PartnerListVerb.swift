internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Premises
internal import Statements
internal import Vocabulary

struct PartnerListVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Who our partners are, how each is reached, and for how long their cards last.")

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
        let facts = PartnerFacts(try installation.premises(), at: WallClock.now())
        guard !facts.partners.isEmpty || !facts.troubles.isEmpty || !facts.revocations.isEmpty else {
            Terminal.complain("No partners yet. Exchange cards, then: waybill partner add CARD --fingerprint SHA256")
            throw Answer.no
        }
        if json { showJSON(facts) } else { showTable(facts) }
    }

    private func showJSON(_ facts: PartnerFacts) {
        for partner in facts.partners {
            Terminal.say(JSONText.object(facts.members(partner) + [("trouble", .null)]).line)
        }
        for gone in facts.revocations {
            Terminal.say(JSONText.object([("id", .text(gone.id.text)), ("revoked", .text(gone.words))]).line)
        }
        for (id, why) in facts.troubles {
            Terminal.say(JSONText.object([("id", .text(id)), ("trouble", .text(why))]).line)
        }
    }

    private func showTable(_ facts: PartnerFacts) {
        var table = Table([
            .init("ID"), .init("NAME", most: 40), .init("REACHED BY"), .init("CARD", .right),
            .init("DAYS LEFT", .right),
            .init("IDENTITY"),
        ])
        for partner in facts.partners {
            table.add([
                partner.id.text, partner.card.name, facts.road(to: partner), String(partner.card.serial),
                String(Words.days(from: facts.now, to: facts.end(of: partner))),
                partner.fingerprint.hex.prefix(16) + "…",
            ])
        }
        if !table.isEmpty { table.show() }
        for gone in facts.revocations {
            Terminal.complain(Terminal.paint("\(gone.id): revoked. ", .red) + Terminal.clean(gone.words))
        }
        for (id, why) in facts.troubles {
            Terminal.complain(Terminal.paint("\(Terminal.clean(id)): not used. ", .red) + Terminal.clean(why))
        }
    }
}
