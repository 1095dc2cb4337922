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

    @Test("a file that went twice is listed, newest first; --all makes a set of both")
    func twice() async throws {
        try await Scene.pair { scene in
            let report = try Files.random(5_000)
            for name in ["first.pdf", "second.pdf"] {
                try await scene.sender.drop(name, report, for: scene.recipient)
                try await scene.awaitDelivery(of: [name])
            }
            let file = "\(scene.recipient.inbox(scene.sender))/first.pdf"
            let proof = "\(scene.scratch.path)/proof"
            let asked = try await scene.sender.ask("prove", file, "--out", proof)
            try require(asked.code == 3 && asked.err.contains("fits 2 deliveries"), "\(asked)")
            let newest = try await scene.sender.consignment("second.pdf")
            let lines = asked.err.split(separator: "\n").filter { $0.contains("  sent  ") }
            try require(lines.count == 2 && lines[0].contains(newest), "\(asked)")
            try await scene.sender.awaitCountersigned(by: scene.recipient)
            _ = try await scene.sender.asked("prove", file, "--all", "--out", proof)
            try await verifySet(proof, scene, proved: 2)
        }
    }

    @Test("a set is one zip of whole proofs and a list of what has none; a stranger checks it with sh and openssl")
    func set() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("one.pdf", Files.random(3_000), for: scene.recipient)
            try await scene.sender.drop("two.pdf", Files.random(3_000), for: scene.recipient)
            try await scene.awaitDelivery(of: ["one.pdf", "two.pdf"])
            try await scene.sender.awaitCountersigned(by: scene.recipient)
            try await scene.recipient.stop()
            try await scene.sender.drop("waiting.pdf", Files.random(3_000), for: scene.recipient)
            try await Wait.until("the third is known") { try await scene.sender.ledger().count == 3 }

            let zip = "\(scene.scratch.path)/case file.zip"
            _ = try await scene.sender.asked("prove", "--partner", scene.recipient.id, "--since", "1h", "--out", zip)
            let pins = scene.agencies.flatMap { ["--identity", $0.fingerprint] }
            let verified = try await Command.waybill(["verify", zip] + pins)
            try require(verified.code == 0 && verified.lines.last == "PROVED: 2 deliveries.", "\(verified)")
            let again = try await scene.sender.ask("prove", "--partner", scene.recipient.id, "--out", zip)
            try require(again.code == 3 && again.err.contains("nothing is overwritten"), "\(again)")

            let place = "\(scene.scratch.path)/unpacked"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            let unpacked = try await Command.tool("bsdtar", ["-xf", zip, "-C", place])
            try require(unpacked.code == 0, "\(unpacked)")
            let set = "\(place)/proof"
            let table = try String(contentsOfFile: "\(set)/index.csv", encoding: .utf8).split(separator: "\n")
            try require(table.count == 4 && table[1].contains("waiting.pdf"), "\(table)")
            // The two were dropped at once: which was claimed first is chance.
            let proved = table[2...].filter { $0.contains("one.pdf") || $0.contains("two.pdf") }
            try require(table[1].contains("not proved") && proved.count == 2, "\(table)")
            let page = try String(contentsOfFile: "\(set)/index.html", encoding: .utf8)
            try require(page.contains("NOT PROVED") && !page.contains("<script"), page)
            try await verifySet(set, scene, proved: 2)
            try await forgeSet(set)
        }
    }

    private func verifySet(_ set: String, _ scene: Scene, proved: Int) async throws {
        let pins = scene.agencies.flatMap { ["--identity", $0.fingerprint] }
        let verified = try await Command.waybill(["verify", set] + pins)
        try require(verified.code == 0 && verified.lines.last == "PROVED: \(proved) deliveries.", "\(verified)")
        let script = Binary.sources + "Documentation/verify.sh"
        let byHand = try await Command.run("/bin/sh", [script, set] + pins)
        try require(byHand.code == 0 && byHand.lines == verified.lines, "\(byHand)\n\(verified)")
        let unpinned = try await Command.run("/bin/sh", [script, set])
        try require(unpinned.lines.last?.hasPrefix("PROVED, if") == true, "\(unpinned)")
    }

    /// Each change alone makes both verifiers say no and name the place.
    private func forgeSet(_ set: String) async throws {
        let manager = FileManager.default
        let folders = try manager.contentsOfDirectory(atPath: "\(set)/deliveries").sorted()
        let (first, last) = ("deliveries/\(folders[0])", "deliveries/\(folders[1])")
        for name in ["index.csv", "\(last)/receipt.p7s", "SHA256SUMS.p7s", "\(first)/SHA256SUMS.p7s"] {
            let good = try Files.bytes("\(set)/\(name)")
            var bad = good
            bad[bad.count - 3] ^= 1
            try bad.write(to: URL(fileURLWithPath: "\(set)/\(name)"))
            try await refuse(set, name)
            try good.write(to: URL(fileURLWithPath: "\(set)/\(name)"))
        }
        try manager.copyItem(atPath: "\(set)/\(first)", toPath: "\(set)/deliveries/0009-0")
        try await refuse(set, "deliveries/0009-0")
        try manager.removeItem(atPath: "\(set)/deliveries/0009-0")
        try manager.moveItem(atPath: "\(set)/\(last)", toPath: "\(set).away")
        try await refuse(set, last)
        try manager.moveItem(atPath: "\(set).away", toPath: "\(set)/\(last)")
        let whole = try await Command.waybill(["verify", set])
        try require(whole.code == 0, "\(whole)")
    }

    private func refuse(_ set: String, _ name: String) async throws {
        let verified = try await Command.waybill(["verify", set])
        try require(verified.code == 1 && verified.out.contains(name), "\(name): \(verified)")
        let byHand = try await Command.run("/bin/sh", [Binary.sources + "Documentation/verify.sh", set])
        try require(byHand.code == 1 && byHand.lines.last?.contains(name) == true, "\(name): \(byHand)")
    }

    private func check(_ scene: Scene, by prover: Agency, what: String, file: String) async throws {
        let proof = "\(scene.scratch.path)/proof-\(prover.id)"
        let other = scene.agencies.first { $0.id != prover.id } ?? prover
        try await prover.awaitCountersigned(by: other)
        _ = try await prover.asked("prove", what, "--out", proof)
        let card = "\(proof).card"
        _ = try await other.asked("card", "--out", card)
        let known = scene.agencies.flatMap { ["--identity", $0.fingerprint] } + ["--card", card, "--file", file]
        let verified = try await Command.waybill(["verify", proof] + known)
        try require(verified.code == 0 && verified.lines.last?.hasPrefix("PROVED: ") == true, "\(verified)")
        let byHand = try await Command.run("/bin/sh", ["verify.sh"] + known, in: proof)
        try require(byHand.code == 0 && byHand.lines == verified.lines, "\(byHand)\n\(verified)")
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
