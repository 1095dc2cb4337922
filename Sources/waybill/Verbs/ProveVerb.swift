internal import ArgumentParser
internal import Daemon
internal import Exchange
internal import Folders
internal import Ledger
internal import Policy
internal import Settings
internal import Vocabulary

struct ProveVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Make the proof of one delivery, for an outsider.",
        discussion: """
            Writes a folder with both agencies' signed statements, the ledger entries with their proofs, a README in plain \
            English, and verify.sh, which checks all of it with openssl alone. A FILE is found in the ledger by its SHA-256. \
            The proof discloses name, digest and label of the file, not the file. Signing it takes the signing key: use the \
            daemon's account. Works with the daemon running or not.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(
        help: "A consignment id (or 8 characters of either end), or a file that was delivered.", completion: .file())
    var what: String
    @Option(help: "A folder that is missing or empty.", completion: .directory) var out: String

    func run() async throws {
        let premises = try installation.premises()
        let keys = try KeyCupboard(folder: premises.folders.keys)
        let signer = try keys.signer()
        let desk = try LedgerDesk(premises, signer: try keys.ledgerKey())
        let record = try await Delivery(desk).find(what)
        let cards = try ProofCards(premises).cards(record.key)
        let contents = try await ProofContents.gather(
            record.key, from: ReadOnlyLedger(reader: desk.reader), cards: cards)
        let path = Premises.absolute(out)
        try ProofWriter(signer: signer).write(contents, to: path, at: WallClock.now())
        Terminal.say(path)
        Terminal.complain(
            """
            The proof is made, and verifies. Check it: waybill verify \(out)
            Or with openssl alone: sh verify.sh \(out) [FINGERPRINT OF SENDER] [FINGERPRINT OF RECIPIENT]
            """)
    }
}

/// Finds the one delivery that a person means, by id or by file.
struct Delivery {
    private let desk: LedgerDesk

    init(_ desk: LedgerDesk) { self.desk = desk }

    func find(_ what: String) async throws -> ConsignmentRecord {
        let isFile = FileSystem.exists(Premises.absolute(what))
        let records = isFile ? try await deliveries(of: what) : try await desk.find(what)
        guard let record = records.first else { throw Answer.no }
        guard records.count == 1 else {
            let list = records.map {
                "\($0.key.id)  \($0.key.direction.rawValue)  \($0.key.partner)  \(Words.moment($0.claimedAt))"
            }
            throw Trouble(
                "This fits \(records.count) deliveries.", why: "They are\n    \(list.joined(separator: "\n    "))",
                fix: "Name one by its id.")
        }
        try requireAnswered(record)
        return record
    }

    private func deliveries(of path: String) async throws -> [ConsignmentRecord] {
        var filter = LedgerFilter()
        filter.sha256 = try FileDigest.of(path)
        filter.states = [.delivered, .refused]
        let records = try await desk.all(filter)
        if records.isEmpty {
            Terminal.complain(
                "No delivery of a file with this SHA-256 is in the ledger. List them: waybill ledger list")
            throw Answer.no
        }
        return records
    }

    /// Whoever refused does not keep the waybill that it refused.
    private func requireAnswered(_ record: ConsignmentRecord) throws {
        if let erased = record.erasedAt {
            throw Trouble(
                "The details of \(record.key.id) were erased on \(erased.londonDate).",
                why: "A proof shows the signed statements, and they went with the details.",
                fix: "Use a proof that was made before: it verifies as it did. The entries still stand: "
                    + "waybill ledger show \(Words.short(record.key.id))")
        }
        if record.key.direction == .received, record.state == .refused {
            throw Trouble(
                "We refused \(record.key.id) and have no proof of it.",
                why: "Only its sender keeps the waybill and our refusal.",
                fix: "Ask \(record.key.partner) to prove it.")
        }
        // What was recalled afterwards was delivered all the same.
        guard record.receiptSHA256 != nil || record.state == .refused else {
            throw Trouble(
                "There is nothing to prove yet.",
                why: "\(record.key.id) is \(record.state.rawValue): nobody has signed for it.",
                fix: "See: waybill ledger show \(record.key.id)")
        }
    }
}

/// The cards of a proof, from disk.
struct ProofCards {
    private let premises: Premises

    init(_ premises: Premises) { self.premises = premises }

    func cards(_ key: ConsignmentKey) throws -> ProofContents.Cards {
        let ours = try OurCard(premises).bytes
        let theirs: [UInt8]
        do { theirs = try FileSystem.read("\(premises.folders.partners)/\(key.partner).card") } catch {
            throw Trouble(
                "The card of \(key.partner) is not here.",
                why: "It was removed from the partners, and a proof holds both cards.",
                fix: "Put it back: waybill partner add CARD --fingerprint SHA256")
        }
        switch key.direction {
        case .sent: return ProofContents.Cards(sender: ours, recipient: theirs, prover: ours)
        case .received: return ProofContents.Cards(sender: theirs, recipient: ours, prover: ours)
        }
    }
}
