import Foundation
import Testing

/// Either end dies while many small files go together, at every place between two durable acts that a batch comes by.
@Suite("After a crash in mid-batch", .timeLimit(.minutes(10)))
struct BatchCrashJourneys {
    /// Places that every file of a batch passes: the seventh dies there.
    private static let each: Set<String> = [
        "afterClaimRename", "afterWorkSync", "afterWeigh", "afterLastPart", "afterSentNotes", "afterSideCarMove",
        "afterSentRename", "afterReserve", "afterFirstPart", "afterWholeDigest", "afterStagedSync",
        "afterPublishRename",
    ]

    /// What a small file never passes.
    private static let large: Set<String> = ["midStream"]

    /// The first file goes by itself, so that its sender knows that batches are taken.
    static let plans = CrashPlan.of(.routine).filter { !large.contains($0.point) }.map { plan in
        CrashPlan(point: plan.point + (each.contains(plan.point) ? ":7" : ":2"), side: plan.side)
    }

    @Test("each file is delivered once, whole, with one receipt", arguments: plans)
    func crash(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.start(plan)
            var files = ["first.txt": Data("first".utf8)]
            try await scene.sender.drop("first.txt", Data("first".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["first.txt"])
            for number in 1...40 {
                let name = "note-\(number).txt"
                files[name] = Data("note \(number)".utf8)
                try await scene.sender.drop(name, files[name] ?? Data(), for: scene.recipient)
            }
            try await scene.comeBack(plan)
            try await scene.requireDelivered(files)
            let sent = scene.sender.sent(to: scene.recipient).map { URL(fileURLWithPath: $0).lastPathComponent }
            try require(sent.count == Set(sent).count && !sent.contains { $0.contains("(2)") }, "twice: \(sent)")
        }
    }
}
