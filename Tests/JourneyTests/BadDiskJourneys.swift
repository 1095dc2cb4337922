import Foundation
import Testing

/// Disks and ledgers that fail for a while. Nothing is refused for good and nothing is lost.
@Suite("When storage fails for a while", .timeLimit(.minutes(10)))
struct BadDiskJourneys {
    @Test(
        "a full disk at the recipient's puts files off until there is space",
        .enabled(if: Machine.canMount, "needs root that may mount"))
    func full() async throws {
        try await Scene.pair(settings: ["cleveland-police": "disk-reserve: 1MiB"], isStarted: false) { scene in
            let inbox = "\(scene.recipient.folder)/inbox"
            try await Machine.withSmallDisk(at: inbox, megabytes: 8) {
                let filler = "\(inbox)/filler"
                try Files.random(6 << 20).write(to: URL(fileURLWithPath: filler))
                for agency in scene.agencies { try await agency.start() }
                let file = try Files.random(3 << 20)
                try await scene.sender.drop("large.bin", file, for: scene.recipient)
                try await Wait.until("status tells that the partner has no space") {
                    try await scene.sender.waitingReasons.contains { $0.contains("space") }
                }
                try require(try await !scene.recipient.status().alarms.isEmpty, "the recipient raises no alarm")
                try await Wait.stays("nothing of it is to be seen", for: 1) {
                    scene.recipient.received(from: scene.sender).isEmpty
                }
                try FileManager.default.removeItem(atPath: filler)
                try await scene.requireDelivered(["large.bin": file])
                for agency in scene.agencies { try await agency.stop() }
            }
        }
    }

    @Test(
        "an inbox that cannot be written puts files off",
        .enabled(if: Machine.canMount, "needs root that may mount"))
    func readOnly() async throws {
        try await Scene.pair(isStarted: false) { scene in
            let inbox = "\(scene.recipient.folder)/inbox"
            try await Machine.withSmallDisk(at: inbox, megabytes: 400) {
                _ = try await Command.tool("mount", ["-o", "remount,ro", inbox])
                for agency in scene.agencies { try await agency.start() }
                try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
                try await Wait.until("the sender tries again and again") {
                    try await !scene.sender.waitingReasons.isEmpty
                }
                try require(try await !scene.recipient.status().alarms.isEmpty, "the recipient raises no alarm")
                _ = try await Command.tool("mount", ["-o", "remount,rw", inbox])
                try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
                for agency in scene.agencies { try await agency.stop() }
            }
        }
    }

    @Test(
        "a file whose publishing was begun and failed is published once when it can be",
        .enabled(if: Machine.canFreeze, "needs root and a file system with chattr +i"))
    func publishingFails() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("first.txt", Data("first".utf8), for: scene.recipient)
            try await scene.requireDelivered(["first.txt": Data("first".utf8)])
            let folder = scene.recipient.inbox(scene.sender)
            // Staging can be written and the route's folder cannot: the intent is committed, the rename fails.
            let frozen = try await Command.tool("chattr", ["+i", folder])
            try #require(frozen.code == 0)
            var failure: (any Error)?
            do {
                try await scene.sender.drop("second.txt", Data("second".utf8), for: scene.recipient)
                try await Wait.until("the sender tries again") { try await !scene.sender.waitingReasons.isEmpty }
            } catch {
                failure = error
            }
            _ = try await Command.tool("chattr", ["-i", folder])
            if let failure { throw failure }
            try await scene.requireDelivered(["first.txt": Data("first".utf8), "second.txt": Data("second".utf8)])
        }
    }

    /// Holds the ledger until a file says that it is enough, a minute at most, and says so in a file.
    private static let locker = """
        import os, sqlite3, sys, time
        ledger = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        ledger.execute('BEGIN EXCLUSIVE')
        open(sys.argv[1] + '.taken', 'w')
        for _ in range(600):
            if os.path.exists(sys.argv[1] + '.enough'):
                break
            time.sleep(0.1)
        ledger.execute('ROLLBACK')
        """

    @Test("a ledger that another program has locked for seconds only delays", arguments: [0, 1])
    func locked(_ victim: Int) async throws {
        try await Scene.pair { scene in
            let ledger = "\(scene.agencies[victim].folder)/ledger.sqlite"
            async let lock = Command.tool("python3", ["-c", Self.locker, ledger])
            try await Wait.until("the ledger is locked") { FileManager.default.fileExists(atPath: ledger + ".taken") }
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.stays("nothing is receipted without a ledger", for: 4) {
                !scene.sender.sent(to: scene.recipient).contains { $0.hasSuffix(".receipt.txt") }
            }
            try Data().write(to: URL(filePath: ledger + ".enough"))
            let outcome = try await lock
            try require(outcome.code == 0, "\(outcome)")
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }
}

extension Agency {
    /// Why files wait, as status tells it.
    var waitingReasons: [String] {
        get async throws { try await status().partners.flatMap(\.underway).compactMap(\.why) }
    }
}
