import Foundation
import Testing

/// Disks and shares that are not mounted, are taken away under a running daemon, or are others than before: it stands still
/// with an alarm, goes on by itself, and nothing is signed, purged or lost.
@Suite("When a folder of ours is not there", .timeLimit(.minutes(10)))
struct MountJourneys {
    @Test(
        "a recipient that died before publishing signs for nothing while its inbox is away, and publishes when it is back",
        .enabled(if: Machine.canMount, "needs root and mounts"))
    func neverSignedFor() async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await Self.withDisk(scene.recipient, "inbox") { disk, inbox in
                try await scene.sender.start()
                try await scene.recipient.start(["WAYBILL_CRASH_AT": "afterPublishingCommit"])
                try await scene.sender.drop("child.pdf", Data("child".utf8), for: scene.recipient)
                try await scene.recipient.awaitCrash(at: "afterPublishingCommit")
                try await Machine.unmount(inbox)
                try await scene.recipient.start()
                try await Self.awaitAlarm("inbox", scene.recipient)
                try await Wait.stays("nothing is signed", for: 3) {
                    try await scene.recipient.ledger().allSatisfy { $0.state == "publishing" }
                }
                try require(Files.visible(in: inbox).isEmpty, "folders were made below the missing mount")
                try await Machine.mount(disk, over: inbox)
                try await scene.requireDelivered(["child.pdf": Data("child".utf8)])
                try await Self.awaitNoAlarm("inbox", scene.recipient)
            }
        }
    }

    @Test(
        "a root that is not mounted at a start is waited for, and files go when it is back",
        .enabled(if: Machine.canMount, "needs root and mounts"),
        arguments: ["outbox", "work", "sent", "held", "inbox"])
    func missingAtStart(_ root: String) async throws {
        try await Scene.pair { scene in
            let agency = root == "inbox" ? scene.recipient : scene.sender
            try await agency.stop()
            try await Self.withDisk(agency, root, isKnown: true) { disk, path in
                try await Machine.unmount(path)
                try await agency.start()
                try await Self.awaitAlarm(root, agency)
                try require(Files.visible(in: path).isEmpty, "folders were made below the missing mount")
                try await Machine.mount(disk, over: path)
                try await Self.awaitNoAlarm(root, agency)
                try await scene.sender.drop("late.pdf", Data("late".utf8), for: scene.recipient)
                try await scene.requireDelivered(["late.pdf": Data("late".utf8)])
            }
        }
    }

    @Test(
        "a root that is taken away while files flow stops nothing for good and loses nothing",
        .enabled(if: Machine.canMount, "needs root and mounts"),
        arguments: ["outbox", "work", "sent", "held", "inbox"])
    func takenAway(_ root: String) async throws {
        try await Scene.pair(isStarted: false) { scene in
            let agency = root == "inbox" ? scene.recipient : scene.sender
            try await Self.withDisk(agency, root) { disk, path in
                for agency in scene.agencies { try await agency.start() }
                var files: [String: Data] = [:]
                for number in 1...20 {
                    let (name, bytes) = ("file-\(number).bin", try Files.random(200_000))
                    files[name] = bytes
                    try await scene.sender.drop(name, bytes, for: scene.recipient)
                    guard number == 10 else { continue }
                    try await Machine.unmount(path)
                    try await Self.awaitAlarm(root, agency)
                    try require(Files.visible(in: path).isEmpty, "folders were made below the missing mount")
                    try await Machine.mount(disk, over: path)
                    try await Self.awaitNoAlarm(root, agency)
                }
                try await scene.requireDelivered(files)
            }
        }
    }

    @Test(
        "another disk in the place of the inbox is taken only when a person accepts it",
        .enabled(if: Machine.canMount, "needs root and mounts"))
    func exchanged() async throws {
        try await Scene.pair { scene in
            let (recipient, inbox) = (scene.recipient, "\(scene.recipient.folder)/inbox")
            try await Machine.mount("\(scene.scratch.path)/other", over: inbox)
            var failure: (any Error)?
            do {
                try await Self.awaitAlarm("inbox", recipient)
                try await scene.sender.drop("new.pdf", Data("new".utf8), for: scene.recipient)
                try await Wait.until("the sender is told to come later") {
                    try await !scene.sender.waitingReasons.isEmpty
                }
                try require(Files.visible(in: inbox).isEmpty, "something was made on the strange disk")
                let wrong = try await recipient.ask("check", "--accept", recipient.folder + "/desk")
                try require(wrong.code != 0, "a folder that is no place was accepted")
                _ = try await recipient.asked("check", "--accept", inbox)
                try await Self.awaitNoAlarm("inbox", recipient)
                try await scene.requireDelivered(["new.pdf": Data("new".utf8)])
                for agency in scene.agencies { try await agency.stop() }
            } catch {
                failure = error
            }
            _ = try await Command.tool("umount", ["-l", inbox])
            if let failure { throw failure }
        }
    }

    @Test(
        "a first start that dies having marked a disk in the place of the inbox takes it in the next time",
        .enabled(if: Machine.canMount, "needs root and mounts"))
    func markedOnce() async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await Self.withDisk(scene.recipient, "inbox") { _, _ in
                try await scene.sender.start()
                do { try await scene.recipient.start(["WAYBILL_CRASH_AT": "afterPlaceMarked"]) } catch is Unmet {}
                try await scene.recipient.awaitCrash(at: "afterPlaceMarked")
                try await scene.recipient.start()
                try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
                try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
                try require(try await scene.recipient.status().alarms["place/inbox"] == nil, "the disk is not known")
            }
        }
    }

    // MARK: -

    /// A disk of its own for one root: mounted before the first start, or what is there already becomes that disk.
    private static func withDisk(
        _ agency: Agency, _ root: String, isKnown: Bool = false, _ body: (String, String) async throws -> Void
    ) async throws {
        let (path, disk) = ("\(agency.folder)/\(root)", "\(agency.folder)/desk/disk-\(root)")
        if isKnown {
            try FileManager.default.moveItem(atPath: path, toPath: disk)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        try await Machine.mount(disk, over: path)
        var failure: (any Error)?
        do {
            try await body(disk, path)
            try await agency.stop()
        } catch {
            failure = error
        }
        _ = try await Command.tool("umount", ["-l", path])
        if let failure { throw failure }
    }

    private static func awaitAlarm(_ root: String, _ agency: Agency) async throws {
        try await Wait.until("\(agency.id) says that \(root)/ is missing") {
            try await agency.status().alarms["place/\(root)"] != nil
        }
    }

    private static func awaitNoAlarm(_ root: String, _ agency: Agency) async throws {
        try await Wait.until("\(agency.id) goes on by itself") {
            try await agency.status().alarms["place/\(root)"] == nil
        }
    }
}
