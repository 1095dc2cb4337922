internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Ledger
internal import Premises
internal import Proofs
internal import Vocabulary

struct ProveVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Make the proof of one delivery, or of a set, for an outsider.",
        discussion: """
            Writes a folder (or a zip file, if --out ends in .zip) with both agencies' signed statements, the ledger \
            entries with their proofs, the other agency's countersignature, a README and a page to print in plain \
            English, and verify.sh, which checks all of it with openssl alone. A FILE is found in the ledger by its SHA-256. \
            A set (--case, --partner, --since, --until, several names, or --all of one file's deliveries) holds one whole \
            proof for each delivery, and a list that names those without one. The proof discloses name, digest and label of \
            the file, not the file. Signing it takes the signing key: use the daemon's account. Works with the daemon \
            running or not.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(
        help: "Consignment ids (or 8 characters of either end), or files that were delivered.", completion: .file())
    var what: [String] = []
    @Option(help: "A folder that is missing or empty, or a new file that ends in .zip.", completion: .directory)
    var out: String
    @Flag(help: "Every delivery of that file, as a set.") var all = false
    @Option(name: .customLong("case"), help: "Everything with this case reference.") var reference: String?
    @Option(help: "Everything with this agency.", transform: AgencyID.init) var partner: AgencyID?
    @Option(help: "Of a set: sent or received.", transform: Self.direction) var direction: Direction?
    @Option(help: "Of a set: not before this time or day.") var since: String?
    @Option(help: "Of a set: before this time; a day is taken in whole.") var until: String?

    private var isChosen: Bool { reference != nil || partner != nil || since != nil || until != nil }

    func validate() throws {
        if what.isEmpty != isChosen {
            throw ValidationError("Name deliveries, or choose them: --case, --partner, --since, --until.")
        }
        if direction != nil, !isChosen { throw ValidationError("--direction goes with --case, --partner or --since.") }
    }

    func run() async throws {
        let sources = try ProofSources(installation.premises())
        let archive = try ProofArchive(InstalledAgency.absolute(out))
        do {
            if what.count == 1, !all {
                try await one(what[0], sources, archive)
            } else {
                try await many(sources, archive)
            }
            try archive.close()
        } catch {
            archive.discard()
            throw error
        }
        Terminal.say(archive.out)
        Terminal.complain(
            """
            The proof is made, and verifies. Check it: waybill verify \(out)
            Or with openssl alone: sh verify.sh FOLDER [FINGERPRINT OF SENDER] [FINGERPRINT OF RECIPIENT]
            """)
    }

    private func one(_ name: String, _ sources: ProofSources, _ archive: ProofArchive) async throws {
        let record = try await Delivery(ledger: sources.ledger).find(name)
        let made = try await sources.maker.make(record, at: WallClock.now())
        try made.files.write(to: archive.folder)
        guard !made.report.isProved else { return }
        Terminal.complain(
            """
            So far it is claimed by us alone: \(record.key.partner) has not countersigned the receipt's entry with a key that is \
            good. Make it again when it has: waybill ledger witness
            """)
    }

    private func many(_ sources: ProofSources, _ archive: ProofArchive) async throws {
        let maker = try ProofSetMaker(sources.maker, folder: archive.folder, title: title, at: WallClock.now())
        if isChosen {
            try await sources.ledger.each(filter()) { record in
                try await maker.add(record)
                return true
            }
        } else {
            for name in what {
                for record in try await Delivery(ledger: sources.ledger).all(name) { try await maker.add(record) }
            }
        }
        guard maker.proved + maker.unproved > 0 else {
            Terminal.complain("Nothing in the ledger fits, so no proof was written.")
            throw Answer.no
        }
        try maker.finish()
        Terminal.complain("\(maker.proved) proved, \(maker.unproved) not proved: see index.html.")
    }

    private var title: String {
        let parts = [
            reference.map { "case \($0)" }, partner.map { "with \($0)" }, direction?.rawValue,
            since.map { "since \($0)" },
            until.map { "until \($0)" },
        ].compactMap { $0 }
        return parts.isEmpty ? "Deliveries that were named" : "Deliveries: " + parts.joined(separator: ", ")
    }

    private func filter() throws -> LedgerFilter {
        var filter = try TimeText.filter(since: since, until: until, now: WallClock.now())
        (filter.partner, filter.direction, filter.caseReference) = (partner, direction, reference)
        return filter
    }

    private static func direction(_ text: String) throws -> Direction {
        guard let direction = Direction(rawValue: text) else { throw ValidationError("write sent or received") }
        return direction
    }
}
