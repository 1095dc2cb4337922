import Foundation
import Testing

/// From a delivery to something that an outsider can check.
@Suite("The proof of a delivery", .timeLimit(.minutes(10)))
struct ProofJourneys {
    @Test("either end proves a delivery, by its file too, and an outsider needs only openssl to check it")
    func prove() async throws {
        try await Scene.pair { scene in
            let report = try Files.random(70_000)
            try await scene.sender.drop("report.pdf", report, for: scene.recipient)
            try await scene.awaitDelivery(of: ["report.pdf"])
            let id = try #require(try await scene.sender.ledger().first?.id)
            let kept = "\(scene.recipient.inbox(scene.sender))/report.pdf"
            try await check(scene, by: scene.sender, what: id, file: kept)
            try await check(scene, by: scene.recipient, what: kept, file: kept)
        }
    }

    private func check(_ scene: Scene, by prover: Agency, what: String, file: String) async throws {
        let proof = "\(scene.scratch.path)/proof-\(prover.id)"
        _ = try await prover.asked("prove", what, "--out", proof)
        let pins = scene.agencies.flatMap { ["--identity", $0.fingerprint] }
        let verified = try await Command.waybill(["verify", proof, "--file", file] + pins)
        try require(verified.code == 0, "\(verified)")
        let byHand = try await Command.run(
            "/bin/sh", ["verify.sh"] + scene.agencies.map(\.fingerprint), in: proof)
        try require(byHand.code == 0, "\(byHand)")
        try await refuseForgery(proof, file)
    }

    /// One byte of another file, and the answer is no.
    private func refuseForgery(_ proof: String, _ file: String) async throws {
        let other = proof + ".other"
        var bytes = try Files.bytes(file)
        bytes[0] ^= 1
        try bytes.write(to: URL(fileURLWithPath: other))
        let verified = try await Command.waybill(["verify", proof, "--file", other])
        try require(verified.code == 1, "another file passed: \(verified)")

        let receipt = "\(proof)/receipt.p7s"
        var forged = try Files.bytes(receipt)
        forged[forged.count - 5] ^= 1
        try forged.write(to: URL(fileURLWithPath: receipt))
        let again = try await Command.waybill(["verify", proof])
        try require(again.code == 1, "a forged receipt passed: \(again)")
        let byHand = try await Command.run("/bin/sh", ["verify.sh"], in: proof)
        try require(byHand.code != 0, "a forged receipt passed verify.sh: \(byHand)")
    }
}
