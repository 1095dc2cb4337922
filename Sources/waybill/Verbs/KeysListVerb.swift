internal import ArgumentParser
internal import Envelope
internal import Folders
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

struct KeysListVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Each key: role, how long it is valid, whether it is in use.",
        discussion: """
            in use: what Waybill signs, opens or connects with now. overlapping: an older one that partners may still use. \
            retired: partners refuse it; a sealing key opens late arrivals until the day that is told. offline: the \
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
        let directory = try KeyDirectory(folder: premises.folders.keys)
        let now = WallClock.now()
        let card = try SignedCard(ours: premises).card
        let rows =
            [identity(directory)]
            + (try Role.allCases.flatMap { role in
                try pairs(of: role, directory, now)
                    + retired(role, directory, card, grace: premises.settings.keys.sealingGrace)
            })
        if json {
            for row in rows { Terminal.say(JSONText.object(members(row, now)).line) }
        } else {
            table(rows, now).show()
        }
    }

    private func identity(_ directory: KeyDirectory) -> Row {
        let isHere = FileSystem.exists("\(directory.folder)/identity.key")
        return Row(
            role: "identity", file: "identity", state: isHere ? "in use" : "offline", certificate: directory.identity)
    }

    private func pairs(of role: Role, _ directory: KeyDirectory, _ now: Instant) throws -> [Row] {
        try directory.pairs(role).enumerated().map { index, pair in
            let isValid = pair.certificate.isValid(at: now)
            let state = !isValid ? "expired" : index == 0 ? "in use" : "overlapping"
            return Row(role: role.rawValue, file: pair.name, state: state, certificate: pair.certificate)
        }
    }

    private func retired(
        _ role: Role, _ directory: KeyDirectory, _ card: Card, grace: Duration
    ) throws -> [Row] {
        let opening = Set(role == .sealing ? try directory.openingRetired().map(\.name) : [])
        return try directory.retired(role).map { pair in
            let at = card.retired.first { $0.fingerprint == pair.certificate.fingerprint }?.at
            let end = at?.adding(seconds: Int64(grace.inSeconds)).date.description ?? "its grace is over"
            let state = opening.contains(pair.name) ? "retired, opens until \(end)" : "retired"
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
