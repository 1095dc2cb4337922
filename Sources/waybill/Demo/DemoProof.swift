internal import Foundation
internal import Ledger
internal import Premises
internal import Vocabulary

/// The acts about proof.
extension DemoStory {
    func prove() async throws {
        var filter = LedgerFilter()
        filter.name = Self.minutes
        filter.states = [.delivered]
        let id = Words.short(try await record(of: stockton, filter).key.id)
        let proof = "\(stage.folder)/proof"
        teller.title("A proof for an outsider")
        try await awaitCountersignature(of: id)
        teller.command("waybill prove \(id) --out proof")
        _ = try await stage.waybill(["prove", id, "--out", proof, "--config", stockton.configuration])
        teller.show(try FileManager.default.contentsOfDirectory(atPath: proof).sorted().joined(separator: "  "))
        let tools = try DemoTools(in: stage.folder)
        let pins = [try await fingerprint(of: stockton), try await fingerprint(of: police)]
        let file = "\(police.inbox(stockton, "strategy-meeting"))/\(Self.minutes)"
        teller.tell(
            "Checked with a PATH that holds sh, coreutils and openssl and nothing else: no Waybill, no network.")
        teller.command("sh verify.sh proof --file \"\(Self.minutes)\" \(pins[0].prefix(8))... \(pins[1].prefix(8))...")
        let good = try await tools.verify(proof, file: file, pins, in: stage.folder)
        teller.show(good.text)
        guard good.code == 0 else {
            throw Trouble("The proof does not verify.", why: good.text, fix: "Run it again with --keep.")
        }
        try await tamper(proof, tools, file, pins)
    }

    /// Until the other agency has seen the entries, a proof is the prover's claim.
    private func awaitCountersignature(of id: String) async throws {
        teller.tell(
            "The police countersign the head of Stockton's ledger: from then on it is not Stockton's word alone.")
        for _ in 0..<50 {
            let told = try await stage.waybill(["ledger", "show", id, "--config", stockton.configuration])
            if told.contains("countersigned by \(police.id)") { return }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func tamper(_ proof: String, _ tools: DemoTools, _ file: String, _ pins: [String]) async throws {
        teller.title("One bit is changed")
        let copy = "\(proof)-tampered"
        try FileManager.default.copyItem(atPath: proof, toPath: copy)
        var bytes = try FileSystem.read("\(copy)/receipt.p7s")
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: "\(copy)/receipt.p7s"))
        teller.tell("In a copy of the proof: one bit of the receipt, of \(bytes.count * 8).")
        teller.command("sh verify.sh proof-tampered ...")
        let bad = try await tools.verify(copy, file: file, pins, in: stage.folder)
        teller.show(bad.text)
        let ours = try await stage.waybill(["verify", copy], expect: 1)
        teller.command("waybill verify proof-tampered")
        teller.show(ours.split(separator: "\n").last.map(String.init) ?? "")
        guard bad.code == 1 else { throw Trouble("The change was not found.", why: bad.text, fix: "Report this.") }
    }
}
