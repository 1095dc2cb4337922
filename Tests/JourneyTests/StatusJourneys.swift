import Foundation
import Testing

/// What a program that watches over the machine learns from `status` and `check`.
@Suite("Status and check", .timeLimit(.minutes(10)))
struct StatusJourneys {
    @Test("end with 0 while all is well, and with 1 while the daemon is down, counting what waits in the outbox")
    func down() async throws {
        try await Scene.pair { scene in
            let well = try await scene.sender.ask("status")
            try require(well.code == 0, "all is well: \(well)")
            let sound = try await scene.sender.ask("check")
            try require(sound.code == 0, "all is sound: \(sound)")
            try await scene.sender.stop()
            for name in ["a.txt", "b.txt"] {
                try await scene.sender.drop(name, Data("x".utf8), for: scene.recipient, "urgent")
            }
            let down = try await scene.sender.ask("status", "--json")
            try require(down.code == 1 && down.out.contains("\"running\":false"), "it calls that well: \(down)")
            let waiting = "\"outbox\":{\"\(scene.recipient.id)/urgent\":2}"
            try require(down.out.contains(waiting), "it does not count what waits: \(down)")
            let words = try await scene.sender.ask("status").out
            try require(words.contains("\(scene.recipient.id)/urgent 2"), "nor in words: \(words)")
            let checked = try await scene.sender.ask("check")
            try require(checked.code == 1 && checked.out.contains("waybilld: is not running"), "\(checked)")
        }
    }

    @Test("end with 1 while an alarm stands")
    func alarm() async throws {
        try await Scene.pair { scene in
            let folder = "\(scene.sender.folder)/outbox/\(scene.recipient.id)/\(Agency.usualRoute)/album"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            _ = try await scene.sender.trouble(with: "album")
            let status = try await scene.sender.ask("status")
            try require(status.code == 1, "something is left in the outbox: \(status)")
            let checked = try await scene.sender.ask("check")
            try require(checked.code == 1 && checked.out.contains("left in the outbox"), "\(checked)")
            try FileManager.default.removeItem(atPath: folder)
            try await Wait.until("all is well again") { try await scene.sender.ask("status").code == 0 }
        }
    }

    @Test("end with 3 for whoever may not look, and say null, not that it is down", .enabled(if: getuid() == 0))
    func mayNotLook() async throws {
        try await Scene.pair { scene in
            let folder = scene.sender.folder
            for name in ["run", "outbox", "held", "sent"] {
                try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: "\(folder)/\(name)")
            }
            for file in ["waybill.yaml", ".lock"] {
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(folder)/\(file)")
            }
            let said = try await Command.run(
                "/usr/bin/setpriv",
                [
                    "--reuid=nobody", "--regid=nogroup", "--clear-groups", Binary.path, "status", "--json", "--config",
                    scene.sender.configuration,
                ])
            try require(said.code == 3, "it cannot know: \(said)")
            for name in ["counts", "duties"] {
                try require(said.out.contains("\"\(name)\":null"), "it says what it cannot know: \(said)")
            }
            try require(said.out.contains("\"running\":null") && said.out.contains("\"outbox\":null"), "\(said)")
        }
    }

    @Test("and a question about a partner who is not there is no promise that anything would be sent")
    func nobody() async throws {
        try await Scene.pair(isStarted: false) { scene in
            let file = "\(scene.sender.folder)/desk/plan.pdf"
            try Data("plan".utf8).write(to: URL(fileURLWithPath: file))
            let asked = try await scene.sender.ask("label", "check", file, "--partner", "nobody", "--route", "urgent")
            try require(asked.code == 3 && asked.err.contains("nobody is not a partner"), "\(asked)")
            try require(!asked.out.contains("SENT"), "it promises: \(asked)")
        }
    }
}
