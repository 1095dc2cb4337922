import Foundation
import Testing

/// Either end dies at every place between two durable acts, comes back, and nobody can tell the difference.
@Suite("After a crash", .timeLimit(.minutes(10)))
struct CrashJourneys {
    @Test("files are delivered once, whole, with one receipt", arguments: CrashPlan.of(.routine))
    func routine(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.start(plan)
            let files = try await scene.dropTwo()
            try await scene.comeBack(plan)
            try await scene.requireDelivered(files)
            let sent = scene.sender.sent(to: scene.recipient).map { URL(fileURLWithPath: $0).lastPathComponent }
            try require(sent.contains("small.txt.label.yaml"), "its label did not go with it: \(sent)")
            try require(sent.count == Set(sent).count && !sent.contains { $0.contains("(2)") }, "twice: \(sent)")
        }
    }

    @Test(
        "a large file arrives once, if both died as the recipient had marked how far it came",
        arguments: CrashPlan.of(.cutOff))
    func cutOff(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.recipient.start(["WAYBILL_CRASH_AT": plan.point])
            try await scene.sender.start(["WAYBILL_CRASH_AT": "midStream:20"])
            let files = ["large.bin": try Files.random(24 << 20)]
            try await scene.sender.drop("large.bin", files["large.bin"] ?? Data(), for: scene.recipient)
            try await scene.sender.awaitCrash(at: "midStream")
            try await scene.comeBack(plan)
            try await scene.sender.start()
            try await scene.requireDelivered(files)
        }
    }

    @Test("a file that was held is held with its reason, once", arguments: CrashPlan.of(.held))
    func held(_ plan: CrashPlan) async throws {
        try await Scene.pair(["hartlepool", HeldJourneys.stranger], isStarted: false) { scene in
            try await scene.start(plan)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.comeBack(plan)
            try await requireInHeld(scene, ["plan.pdf", "plan.pdf.why.txt"], state: "held")
        }
    }

    @Test("a file that was refused lies in held/ with the signed refusal, once", arguments: CrashPlan.of(.refused))
    func refused(_ plan: CrashPlan) async throws {
        let strict = ["cleveland-police": "admission: strict"]
        try await Scene.pair(settings: strict, isStarted: false) { scene in
            try FileManager.default.removeItem(atPath: "\(scene.recipient.folder)/agreements/tees-tier-2.yaml")
            try await scene.start(plan)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.comeBack(plan)
            try await requireInHeld(
                scene, ["plan.pdf", "plan.pdf.refusal.p7s", "plan.pdf.refused.txt"], state: "refused")
        }
    }

    @Test("a side-car stays with its file, if the daemon died having taken only the side-car")
    func sideCarAlone() async throws {
        try await Scene.pair(isStarted: false) { scene in
            let plan = CrashPlan(point: "afterClaimRename", side: .sender)
            try await scene.start(plan)
            try await scene.sender.drop(
                "plan.pdf.label.yaml", Data("accuracy: \"checked by phone\"\n".utf8), for: scene.recipient)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.comeBack(plan)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            let beside = Files.below("\(scene.recipient.folder)/inbox/\(scene.sender.id)/.waybills")
            let text = String(decoding: try Files.bytes(try #require(beside.first)), as: UTF8.self)
            try require(text.contains("checked by phone"), "the label of the side-car is lost: \(text)")
        }
    }

    @Test("the list of places here is the one in the code")
    func listIsComplete() throws {
        let source = try String(contentsOfFile: Binary.sources + "Sources/Folders/CrashPoint.swift", encoding: .utf8)
        let cases = source.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("case ") && !$0.contains("=") }
            .flatMap { $0.dropFirst(5).split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(cases.count > 20)
        #expect(cases.sorted() == CrashPlan.all.map(\.point).sorted())
    }
}

extension CrashJourneys {
    private func requireInHeld(_ scene: Scene, _ names: [String], state: String) async throws {
        let there = {
            scene.sender.held(for: scene.recipient).map { URL(fileURLWithPath: $0).lastPathComponent }.sorted()
        }
        try await Wait.until("held/ has \(names)") { Set(names).isSubset(of: there()) }
        try await scene.requireNothingLeft()
        try require(there() == names.sorted(), "held/ has \(there())")
        try require(try await scene.sender.ledger().map(\.state) == [state], "the ledger does not say \(state)")
        try require(scene.recipient.received(from: scene.sender).isEmpty, "the recipient has it all the same")
        for agency in scene.agencies { try await agency.checkLedger() }
    }
}

extension Scene {
    /// Both daemons run, one of them doomed.
    func start(_ plan: CrashPlan) async throws {
        let doom = ["WAYBILL_CRASH_AT": plan.point]
        try await recipient.start(plan.side == .recipient ? doom : [:])
        try await sender.start(plan.side == .sender ? doom : [:])
    }

    /// One of three parts and a small one with a label of its own.
    func dropTwo() async throws -> [String: Data] {
        let files = ["large.bin": try Files.random(3 << 20), "small.txt": Data("small".utf8)]
        try await sender.drop("large.bin", files["large.bin"] ?? Data(), for: recipient)
        try await sender.drop(
            "small.txt", Data("small".utf8), label: "accuracy: \"checked by phone\"\n", for: recipient)
        return files
    }

    /// Waits for the death and starts anew without it.
    func comeBack(_ plan: CrashPlan) async throws {
        let victim = plan.side == .sender ? sender : recipient
        try await victim.awaitCrash(at: plan.point)
        try await victim.start()
    }
}
