internal import ArgumentParser
internal import Daemon
internal import Envelope
internal import Folders
internal import Settings
internal import Vocabulary

struct KeysListVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Each key: role, how long it is valid, whether it is in use.",
        discussion: """
            used: what Waybill signs, opens or connects with now. kept: an older one, for late arrivals. offline: the \
            identity's private key is not on this machine, which is right once cards are exchanged.
            """)

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object a line.") var json = false

    private struct Row {
        let role, file, state: String
        let certificate: Certificate
    }

    func run() throws {
        let premises = try installation.premises()
        let cupboard = try KeyCupboard(folder: premises.folders.keys)
        let now = WallClock.now()
        let rows = [identity(cupboard)] + (try Role.allCases.flatMap { try pairs(of: $0, cupboard, now) })
        if json {
            for row in rows { Terminal.say(JSONText.object(members(row, now)).line) }
        } else {
            table(rows, now).show()
        }
    }

    private func identity(_ cupboard: KeyCupboard) -> Row {
        let isHere = FileSystem.exists("\(cupboard.folder)/identity.key")
        return Row(
            role: "identity", file: "identity", state: isHere ? "used" : "offline", certificate: cupboard.identity)
    }

    private func pairs(of role: Role, _ cupboard: KeyCupboard, _ now: Instant) throws -> [Row] {
        try cupboard.pairs(role).enumerated().map { index, pair in
            let isValid = pair.certificate.isValid(at: now)
            let state = !isValid ? "expired" : index == 0 ? "used" : "kept"
            return Row(role: role.rawValue, file: pair.name, state: state, certificate: pair.certificate)
        }
    }

    private func members(_ row: Row, _ now: Instant) -> [(String, JSONText)] {
        let certificate = row.certificate
        return [
            ("role", .text(row.role)), ("file", .text(row.file)), ("fingerprint", .text(certificate.fingerprint.hex)),
            ("validFrom", .time(certificate.notBefore)), ("validUntil", .time(certificate.notAfter)),
            ("daysLeft", .number(Words.days(from: now, to: certificate.notAfter))), ("state", .text(row.state)),
        ]
    }

    private func table(_ rows: [Row], _ now: Instant) -> Table {
        var table = Table([
            .init("ROLE"), .init("FILE"), .init("STATE"), .init("VALID UNTIL (UTC)"), .init("DAYS LEFT", .right),
            .init("FINGERPRINT"),
        ])
        for row in rows {
            let end = row.certificate.notAfter
            table.add([
                row.role, row.file, row.state, Words.moment(end), String(Words.days(from: now, to: end)),
                row.certificate.fingerprint.hex,
            ])
        }
        return table
    }
}
