import Foundation
import Testing

/// A daemon that dies while it marks a folder, while a person accepts one, or while it publishes anew what it did not believe.
@Suite("When a folder of ours is marked or accepted", .timeLimit(.minutes(10)))
struct PlaceJourneys {
    @Test("a first start that dies once the ledger knows our folders finds them known")
    func firstStart() async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await Self.die(scene.recipient, at: "afterPlacesRemembered")
            for agency in scene.agencies { try await agency.start() }
            let checked = try await scene.recipient.ask("check").out
            for root in ["outbox", "work", "held", "sent", "inbox"] {
                try require(checked.contains("place \(root): marked as the ledger knows it"), checked)
            }
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("an inbox that was exchanged is accepted once more, if that ended between its mark and the ledger")
    func accepting() async throws {
        try await Scene.pair { scene in
            let (recipient, inbox) = (scene.recipient, "\(scene.recipient.folder)/inbox")
            try await recipient.stop()
            try FileManager.default.moveItem(atPath: inbox, toPath: "\(recipient.folder)/desk/old")
            try FileManager.default.createDirectory(atPath: inbox, withIntermediateDirectories: false)
            // Not in the daemon: when it dies, the command may be quick enough to do it itself.
            let died = try await Command.waybill(
                ["check", "--accept", inbox],
                environment: ["WAYBILL_CONFIG": recipient.configuration, "WAYBILL_CRASH_AT": "afterPlaceMarked"])
            let marks = try FileManager.default.contentsOfDirectory(atPath: inbox)
            try require(died.code != 0 && marks.count == 1, "\(died), \(marks)")
            try await recipient.start()
            try await Self.awaitAlarm(recipient)
            let accepted = try await recipient.ask("check", "--accept", inbox)
            try require(accepted.code == 0, "\(accepted)")
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("a file in doubt is published once, if the daemon died having put it back")
    func putBack() async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.sender.start()
            try await scene.recipient.start(["WAYBILL_CRASH_AT": "afterPublishRename"])
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.recipient.awaitCrash(at: "afterPublishRename")
            // The same folder, accepted anew: what was about to be published in it is doubted.
            _ = try await scene.recipient.asked("check", "--accept", "\(scene.recipient.folder)/inbox")
            try await Self.die(scene.recipient, at: "afterPutBack")
            try require(
                scene.recipient.received(from: scene.sender).isEmpty, "the file was not put back before it was believed"
            )
            try await scene.recipient.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    /// Dies before it is ready.
    static func die(_ agency: Agency, at point: String) async throws {
        do { try await agency.start(["WAYBILL_CRASH_AT": point]) } catch is Unmet {}
        try await agency.awaitCrash(at: point)
    }

    private static func awaitAlarm(_ agency: Agency) async throws {
        try await Wait.until("\(agency.id) says that its inbox is another") {
            try await agency.status().alarms["place/inbox"] != nil
        }
    }
}
