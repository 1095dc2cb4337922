import Foundation
import Testing

/// A subject is erased on both sides: no file of either installation tells of her, and what was proved stays proved.
@Suite("An erased subject", .timeLimit(.minutes(10)))
struct ErasureJourneys {
    private static let child = "Marigold-Threlkeld"
    private static let reference = "CASE-4711-M"
    private static let reason = ["--because", "Upheld request, entry 17 of our register."]
    /// The usual route has a review date, which is to come.
    private static let although = [
        "--although", "--ground", "17-1-d", "--requester", "subject", "--second", "daemon",
    ]
    private static let because = although + reason

    /// What may be found nowhere. The reference too, and what the file says.
    private static let words = [child, reference, "confidential-plan"]

    @Test("is found in no file of either agency; earlier proofs verify, ledgers check, and delivery goes on")
    func erased() async throws {
        try await Scene.pair { scene in
            let id = try await deliver(scene)
            let proof = "\(scene.scratch.path)/proof"
            _ = try await scene.sender.asked("prove", id, "--out", proof)
            let kept = "\(scene.recipient.inbox(scene.sender))/\(Self.child).txt"
            for agency in scene.agencies { try await requireOnlyPlanned(agency, id, scene) }
            for agency in scene.agencies {
                _ = try await agency.asked(["erase", "--subject", Self.reference, "--confirm"] + Self.because)
                try await requireGone(agency, except: [kept])
                let backup = "\(agency.folder)/desk/backup.sqlite"
                _ = try await agency.asked("ledger", "backup", backup)
                try await requireGone(agency, except: [kept])
                try await agency.checkLedger()
                try await requireTold(agency, id)
            }
            // It belongs to its readers.
            try require(FileManager.default.fileExists(atPath: kept), "the received file is gone")
            let verified = try await Command.waybill(["verify", proof, "--file", kept])
            try require(verified.code == 0, "the earlier proof fails: \(verified)")
            let byHand = try await Command.run("/bin/sh", ["verify.sh"], in: proof)
            try require(byHand.code == 0, "the earlier proof fails by hand: \(byHand)")

            try await scene.sender.drop("next.txt", Data("next".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["next.txt"])
            for agency in scene.agencies { try await agency.checkLedger() }
        }
    }

    @Test("is gone too where the daemon dies in between: its next start finishes", arguments: CrashPlan.of(.erasure))
    func crashed(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.start(plan)
            _ = try await deliver(scene)
            // Whoever asked sees the daemon die.
            _ = try await scene.sender.ask(["erase", "--subject", Self.reference, "--confirm"] + Self.because)
            try await scene.comeBack(plan)
            try await Wait.until("nothing of it is left") {
                try found(scene.sender).isEmpty
            }
            try await scene.sender.checkLedger()
            try await scene.sender.drop("next.txt", Data("next".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["next.txt"])
            try require(
                scene.recipient.received(from: scene.sender).count == 2, "what was erased was sent again")
        }
    }

    @Test("is erased without a daemon as well; what waits for a person is not, and says why")
    func stopped() async throws {
        try await Scene.pair { scene in
            let id = try await deliver(scene)
            let secret = "subjects: [{ ref: \(Self.reference), role: child }]\nbasis: { article-6: [] }\n"
            try await scene.sender.drop("waiting.txt", Data("wait".utf8), label: secret, for: scene.recipient)
            _ = try await scene.sender.whyHeld("waiting.txt", for: scene.recipient)
            for agency in scene.agencies { try await agency.stop() }
            let done = try await scene.sender.ask(["erase", "--subject", Self.reference, "--confirm"] + Self.because)
            try require(done.code == 0 && done.out.contains("waybill held list"), "\(done)")
            let states = try await scene.sender.ledger().map { "\($0.state) \($0.name ?? "erased")" }.sorted()
            try require(states == ["delivered erased", "held waiting.txt"], "\(states)")
            let alone = try await scene.sender.ask(["erase", "--id", id] + Self.because)
            try require(alone.code == 1, "it would be erased twice: \(alone)")
            try await scene.sender.checkLedger()
        }
    }

    private static let other = "CASE-0815-S"

    @Test(
        "is not erased with somebody else's record: that one's reference alone is taken out, or two officers answer for it"
    )
    func twoPeople() async throws {
        try await Scene.pair { scene in
            let id = try await deliver(scene, Self.other)
            let proof = "\(scene.scratch.path)/proof"
            _ = try await scene.sender.asked("prove", id, "--out", proof)
            for agency in scene.agencies {
                try await requireRefused(agency, id)
                try await requireTakenOut(agency, id)
            }
            let verified = try await Command.waybill(["verify", proof])
            try require(verified.code == 0, "the earlier proof fails: \(verified)")
            for agency in scene.agencies { try await requireErasedByTwo(agency, id) }
        }
    }

    private func requireRefused(_ agency: Agency, _ id: String) async throws {
        for more in [[], ["--confirm"]] {
            let refused = try await agency.ask(["erase", "--subject", Self.other] + more + Self.reason)
            try require(refused.code == 1, "it was not refused: \(refused)")
            let why = ["another person is named in it: \(Self.reference)", "review date", "--reference-only"]
            for words in why + ["\(Self.child).txt"] {
                try require(refused.out.contains(words), "it does not say \(words): \(refused)")
            }
        }
        let alone = try await agency.ask(
            ["erase", "--subject", Self.other, "--confirm", "--although", "--ground", "17-1-d", "--requester", "court"]
                + ["--second", NSUserName()] + Self.reason)
        try require(alone.code != 0 && alone.err.contains("second officer"), "one officer was enough: \(alone)")
        try require(try await agency.ledger().contains { $0.name == "\(Self.child).txt" }, "it is erased all the same")
    }

    /// The record stays the child's.
    private func requireTakenOut(_ agency: Agency, _ id: String) async throws {
        let wish = ["erase", "--subject", Self.other, "--reference-only"] + Self.reason
        let plan = try await agency.ask(wish)
        try require(plan.code == 0 && plan.out.contains("No new proof"), "\(plan)")
        let done = try await agency.ask(wish + ["--confirm"])
        try require(done.code == 0, "\(done)")
        try await agency.checkLedger()
        let left = try Files.below(agency.folder).filter { path in
            let kind = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            return try kind == .typeRegular && Files.bytes(path).range(of: Data(Self.other.utf8)) != nil
        }
        try require(left.isEmpty, "\(agency.id) still has it in \(left)")
        let gone = try await agency.ask("find", "--subject", Self.other)
        try require(gone.code == 1, "they are found: \(gone)")
        _ = try await agency.asked("find", "--subject", Self.reference)
        try require(try await agency.ledger().contains { $0.name == "\(Self.child).txt" }, "the record is gone")
        let again = try await agency.ask("prove", id, "--out", "\(agency.folder)/desk/again")
        try require(again.code == 3 && again.err.contains("was taken out of this record"), "\(again)")
    }

    private func requireErasedByTwo(_ agency: Agency, _ id: String) async throws {
        let refused = try await agency.ask(["erase", "--id", id, "--confirm"] + Self.reason)
        try require(refused.code == 1 && refused.out.contains("review date"), "it was not refused: \(refused)")
        let done = try await agency.ask(["erase", "--id", id, "--confirm"] + Self.because)
        try require(done.code == 0 && done.out.contains("two officers"), "\(done)")
        try await agency.checkLedger()
        try await requireTold(agency, id)
    }

    // MARK: -

    private func deliver(_ scene: Scene, _ other: String? = nil) async throws -> String {
        let informed = "informed: { status: yes, on: 2026-01-05 }"
        let more = other.map { ", { ref: \($0), role: parent, \(informed) }" } ?? ""
        let label = "subjects: [{ ref: \(Self.reference), role: child, \(informed) }\(more)]\n"
        let text = "confidential-plan for \(Self.child), \(Self.reference)"
        try await scene.sender.drop("\(Self.child).txt", Data(text.utf8), label: label, for: scene.recipient)
        try await scene.awaitDelivery(of: ["\(Self.child).txt"])
        return try await scene.sender.consignment("\(Self.child).txt")
    }

    /// A dry run changes nothing and says what it would do.
    private func requireOnlyPlanned(_ agency: Agency, _ id: String, _ scene: Scene) async throws {
        let plan = try await agency.ask(["erase", "--subject", Self.reference] + Self.because)
        try require(plan.code == 0, "\(plan)")
        try require(plan.out.contains(id.suffix(12)) && plan.err.contains("--confirm"), "\(plan)")
        try require(try await agency.ledger().contains { $0.name == "\(Self.child).txt" }, "it is erased already")
        try require(!(try found(agency)).isEmpty, "the scan finds nothing even before")
    }

    /// Every file of an installation, the sockets and the test's own desk aside.
    private func found(_ agency: Agency) throws -> [String] {
        Files.below(agency.folder).filter { path in
            // What goes while we look is gone.
            let facts = try? FileManager.default.attributesOfItem(atPath: path)
            guard facts?[.type] as? FileAttributeType == .typeRegular else { return false }
            if path.contains(Self.child) { return true }
            guard let bytes = try? Files.bytes(path) else { return false }
            return Self.words.contains { bytes.range(of: Data($0.utf8)) != nil }
        }
    }

    private func requireGone(_ agency: Agency, except kept: [String]) async throws {
        let left = try found(agency).filter { !kept.contains($0) }
        try require(left.isEmpty, "\(agency.id) still has \(left)")
    }

    private func requireTold(_ agency: Agency, _ id: String) async throws {
        let shown = try await agency.asked("ledger", "show", id)
        try require(shown.contains("erased on") && shown.contains("the entry stands"), shown)
        let nobody = try await agency.ask("find", "--subject", Self.reference)
        try require(nobody.code == 1, "somebody is found: \(nobody)")
        let again = try await agency.ask("prove", id, "--out", "\(agency.folder)/desk/again")
        try require(again.code == 3 && again.err.contains("were erased on"), "\(again)")
    }
}
