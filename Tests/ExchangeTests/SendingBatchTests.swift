import Envelope
import Exchange
import ExchangeTesting
import Foundation
import Ledger
import Synchronization
import Testing
import Transport
import Vocabulary

/// What waits together goes together, and each ends for itself.
@Suite(.timeLimit(.minutes(5))) struct SendingBatchTests {
    private static let names = ["a.pdf", "changed.pdf", "d.pdf", "later.pdf", "refused.pdf"]

    /// One worker, which holds the first file until five more are signed.
    private func waiting(
        _ root: String, _ batch: BatchBounds = BatchBounds(count: 64),
        _ body: (SendingTests.Scene, Sending, Watched<Bool>) async throws -> Void
    ) async throws {
        let scene = try SendingTests.Scene(root, batch: batch) { $0.concurrency = 1 }
        let gate = Watched(false)
        scene.courier.script { parcel in
            try await gate.untilOpen()
            return try await scene.courier.carryHonestly(parcel)
        }
        let sending = scene.life()
        let running = Task { try await sending.run() }
        try await scene.drop([1], "first.pdf", "strategy-meeting")
        try await eventually { scene.courier.calls == 1 }
        for name in Self.names { try await scene.drop([2, 3], name, "strategy-meeting") }
        try await eventually { try await scene.records.filter { $0.state == .dispatching }.count == 6 }
        try await body(scene, sending, gate)
        running.cancel()
        try await running.value
    }

    private func isFirst(_ hasCome: borrowing Mutex<Bool>) -> Bool {
        hasCome.withLock { hasCome in
            defer { hasCome = true }
            return !hasCome
        }
    }

    private func states(_ scene: SendingTests.Scene) async throws -> [String: ConsignmentState] {
        Dictionary(try await scene.records.map { ($0.name ?? "", $0.state) }) { first, _ in first }
    }

    @Test("of five that go together one has changed, one is refused, one must wait: each ends for itself")
    func each() async throws {
        try await inTemporaryFolder { root in
            try await waiting(root) { scene, _, gate in
                let names = Dictionary(try await scene.records.map { ($0.key.id, $0.name ?? "") }) { first, _ in first }
                let work = "\(scene.stockton.root)/work"
                let paths = try FileManager.default.subpathsOfDirectory(atPath: work)
                let changed = try #require(paths.first { $0.hasSuffix("/changed.pdf") })
                try Data([9, 9, 9]).write(to: URL(filePath: "\(work)/\(changed)"))
                let waited = Mutex(false)
                scene.courier.script { parcel in
                    switch names[parcel.id] {
                    case "later.pdf" where isFirst(waited):
                        return .tryLater(TryLater(.misunderstood, "not now"))
                    case "refused.pdf": return .refusal([1, 2, 3])
                    default: return try await scene.courier.carryHonestly(parcel)
                    }
                }
                gate.open()
                try await eventually { try await states(scene).filter { $0.value == .delivered }.count == 4 }
                let ended = try await states(scene)
                #expect(ended["changed.pdf"] == .withdrawn)
                // A refusal that does not verify is none: it is tried again.
                #expect(ended["refused.pdf"] == .dispatching)
                #expect(scene.courier.batches.prefix(2) == [1, 5])
                #expect(
                    scene.names("inbox/stockton/strategy-meeting", of: scene.police)
                        == ["a.pdf", "d.pdf", "first.pdf", "later.pdf"])
            }
        }
    }

    @Test(
        "no more goes together than the line carries at once, so that each is settled as soon as its own request has ended"
    )
    func bounded() async throws {
        try await inTemporaryFolder { root in
            // Two of these, with what a waybill takes; so small a file may go with others at all.
            try await waiting(root, BatchBounds(count: 64, bytes: 2 * 8300)) { scene, _, gate in
                scene.courier.script(nil)
                gate.open()
                try await eventually { try await states(scene).values.allSatisfy { $0 == .delivered } }
                #expect(scene.courier.batches == [1, 2, 2, 1])
            }
        }
    }

    @Test("a road that says nothing of some leaves them to be asked about, and none is lost or doubled")
    func silent() async throws {
        try await inTemporaryFolder { root in
            try await waiting(root) { scene, _, gate in
                scene.courier.script(nil)
                scene.courier.leaveOut(3)
                gate.open()
                try await eventually { try await states(scene).values.allSatisfy { $0 == .delivered } }
                #expect(scene.names("inbox/stockton/strategy-meeting", of: scene.police).count == 6)
            }
        }
    }

    @Test("what is taken back while it waits in a batch does not leave; its neighbours do")
    func takenBack() async throws {
        try await inTemporaryFolder { root in
            try await waiting(root) { scene, sending, gate in
                let id = try #require(try await scene.records.first { $0.name == "d.pdf" }).key.id
                _ = try await sending.recall(id, because: "Wrong family.", by: "r.okafor")
                scene.courier.script(nil)
                gate.open()
                try await eventually { try await states(scene).filter { $0.value == .delivered }.count == 5 }
                #expect(try await states(scene)["d.pdf"] == .recalled)
                #expect(!scene.names("inbox/stockton/strategy-meeting", of: scene.police).contains("d.pdf"))
            }
        }
    }
}
