internal import Foundation
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Vocabulary

/// The story that `waybill demo` tells, act by act. Throws `Trouble` if anything goes otherwise than told.
struct DemoStory {
    let stage: DemoStage
    let teller = DemoTeller()
    var stockton: DemoAgency { stage.agencies[0] }
    var police: DemoAgency { stage.agencies[1] }
    var tewv: DemoAgency { stage.agencies[2] }

    static let minutes = "strategy meeting minutes.txt"
    static let assessment = "early help assessment.txt"
    static let letter = "letter about health.txt"

    init(_ stage: DemoStage) { self.stage = stage }

    func play() async throws {
        try await foundAgencies()
        try await exchangeCards()
        try await startDaemons()
        try await deliver()
        try await showLedgers()
        try await holdOne()
        try await prove()
        await stage.stopDaemons()
        teller.title("The end")
        teller.tell("The three daemons have stopped.")
    }

    private func foundAgencies() async throws {
        teller.title("Three agencies on this machine")
        for agency in stage.agencies {
            _ = try await stage.waybill([
                "init", agency.root, "--agency", agency.id.text, "--name", agency.name, "--listen",
                "127.0.0.1:\(agency.port)", "--out-of-hours", agency.telephone,
            ])
            try agency.hurry()
        }
        teller.tell(
            """
            Each has an installation of its own: an identity key that signs its card, and keys for signing, sealing, TLS and \
            its ledger, made by OpenSSL; the catalogue of law; the Tees sharing agreement.
            """)
        for agency in stage.agencies {
            teller.show("\(agency.id.text.padded(to: 17)) \(agency.name), 127.0.0.1:\(agency.port)")
        }
    }

    private func exchangeCards() async throws {
        teller.title("They exchange cards")
        for agency in stage.agencies {
            _ = try await stage.waybill([
                "card", "--config", agency.configuration, "--out", "\(stage.folder)/\(agency.id).card",
            ])
        }
        for agency in stage.agencies {
            for partner in stage.agencies where partner.id != agency.id {
                let card = "\(stage.folder)/\(partner.id).card"
                let fingerprint = try await fingerprint(of: partner)
                _ = try await stage.waybill([
                    "partner", "add", card, "--fingerprint", fingerprint, "--config", agency.configuration,
                    "--out-of-hours", partner.telephone,
                ])
            }
        }
        let example = try await fingerprint(of: police)
        teller.tell(
            """
            A card may come by e-mail; its fingerprint is read out over the telephone. A card is taken only with the \
            fingerprint that belongs to it.
            """)
        teller.command("waybill partner add cleveland-police.card --fingerprint \(example.prefix(16))...")
    }

    private func startDaemons() async throws {
        teller.title("Three daemons")
        try await stage.startDaemons()
        teller.tell("All three run and listen, with mutual TLS 1.3: no card, no connection.")
    }

    func fingerprint(of agency: DemoAgency) async throws -> String {
        let text = try await stage.waybill(["card", "--fingerprint", "--config", agency.configuration])
        return String(text.prefix(64))
    }

    /// Written under another name and renamed into place, as a file manager does.
    func drop(_ text: String, as name: String, into folder: String) throws {
        let draft = "\(stage.folder)/.draft-\(UUID().uuidString)"
        try text.write(toFile: draft, atomically: false, encoding: .utf8)
        try FileManager.default.moveItem(atPath: draft, toPath: "\(folder)/\(name)")
    }

    func wait(for path: String, _ what: String) async throws {
        try await DemoWait.until(what, seconds: 10, else: { "\(path) did not appear." }) {
            FileManager.default.fileExists(atPath: path)
        }
    }

    /// The newest record of an agency's ledger that fits, once there is one.
    func record(of agency: DemoAgency, _ filter: LedgerFilter) async throws -> ConsignmentRecord {
        let ledger = try LedgerAtHand(agency.premises())
        for _ in 0..<1000 {
            if let record = try await ledger.reader.list(filter, after: nil, limit: 1).first { return record }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Trouble(
            "The ledger of \(agency.id) does not show it.", why: "It took too long.", fix: "Run it again with --keep.")
    }
}
