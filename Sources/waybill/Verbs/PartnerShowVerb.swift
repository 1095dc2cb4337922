internal import ArgumentParser
internal import Envelope
internal import Exchange
internal import Folders
internal import Premises
internal import Statements
internal import Vocabulary

struct PartnerShowVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One partner's card: identity, certificates, dates.")

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The partner's id.", transform: AgencyID.init) var id: AgencyID
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
        let facts = PartnerFacts(try installation.premises(), at: WallClock.now())
        let partner = try facts.require(id)
        let keys = partner.card.certificates.compactMap { try? Certificate(der: $0.der) }
        if json {
            let list = keys.map { JSONText.object(Self.members($0, partner, facts.now)) }
            return Terminal.say(JSONText.object(facts.members(partner) + [("certificates", .array(list))]).line)
        }
        Terminal.say(Terminal.paint(partner.id.text, .bold))
        let card: [(String, String?)] = [
            ("name", partner.card.name), ("identity", partner.fingerprint.hex), ("reached by", facts.road(to: partner)),
            ("card", "serial \(partner.card.serial), issued \(Words.moment(partner.card.issuedAt)) UTC"),
            ("valid until", "\(Words.moment(partner.card.validUntil)) UTC"),
            ("understands", partner.card.versions.joined(separator: ", ")),
        ]
        Facts(card + telephones(facts, partner.id)).show()
        table(keys, partner, facts.now).show(indent: "  ")
    }

    private func telephones(_ facts: PartnerFacts, _ partner: AgencyID) -> [(String, String?)] {
        let known = facts.telephones(of: partner)
        guard !known.isEmpty else {
            return [("telephone", "no number is in the settings: add partners.\(partner).contacts")]
        }
        return known.map { ("telephone, \($0.what)", $0.words) }
    }

    private func table(_ keys: [Certificate], _ partner: Partner, _ now: Instant) -> Table {
        var table = Table([
            .init("ROLE"), .init("VALID UNTIL (UTC)"), .init("DAYS LEFT", .right), .init("STATE"), .init("FINGERPRINT"),
        ])
        for key in keys {
            table.add([
                key.role?.rawValue ?? "-", Words.moment(key.notAfter), String(Words.days(from: now, to: key.notAfter)),
                Self.state(of: key, partner, now), key.fingerprint.hex,
            ])
        }
        return table
    }

    private static func members(_ key: Certificate, _ partner: Partner, _ now: Instant) -> [(String, JSONText)] {
        [
            ("role", .text(key.role?.rawValue)), ("fingerprint", .text(key.fingerprint.hex)),
            ("validUntil", .time(key.notAfter)), ("state", .text(state(of: key, partner, now))),
        ]
    }

    private static func state(of key: Certificate, _ partner: Partner, _ now: Instant) -> String {
        guard let role = key.role else { return "unknown role" }
        if partner.isRetired(key) { return "retired" }
        return partner.accepts(key, as: role, at: now) ? "usable" : "not valid now"
    }
}
