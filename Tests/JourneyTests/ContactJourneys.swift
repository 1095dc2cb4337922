import Foundation
import Testing

/// Whom to telephone stands where it is needed before it is needed.
@Suite("Telephone numbers", .timeLimit(.minutes(10)))
struct ContactJourneys {
    private func today() -> String { String(Date().ISO8601Format().prefix(10)) }

    @Test("are taken by partner add into the settings beside what a person wrote, and shown where people look")
    func added() async throws {
        try await Scene.pair { scene in
            let (sender, recipient) = (scene.sender, scene.recipient)
            try sender.addSettings("# written by hand\npartners:\n  tewv: # later")
            let before = try String(contentsOfFile: sender.configuration, encoding: .utf8)
            let added = try await sender.ask(
                "partner", "add", "\(recipient.folder)/desk/card", "--fingerprint", recipient.fingerprint,
                "--out-of-hours",
                "Control room, 01632 960002", "--contact", "Data protection desk, 01632 960003", "--rung", today())
            try require(added.code == 0, "\(added)")
            let after = try String(contentsOfFile: sender.configuration, encoding: .utf8)
            for line in before.split(separator: "\n") { try require(after.contains(line), "it lost \(line): \(after)") }
            try require(after.contains("telephone: \"01632 960002\""), "the number is not there: \(after)")
            for words in [try await sender.asked("partner", "show", recipient.id), try await sender.ask("status").out] {
                try require(words.contains("Control room, 01632 960002"), "it does not show the number: \(words)")
            }
            let again = try await sender.ask(
                "partner", "add", "\(recipient.folder)/desk/card", "--fingerprint", recipient.fingerprint,
                "--out-of-hours",
                "Front desk, 01632 960009")
            try require(again.code == 0 && again.out.contains("Front desk"), "no lines to put in by hand: \(again)")
            let kept = try String(contentsOfFile: sender.configuration, encoding: .utf8)
            try require(kept == after, "a number that a person may rely on was overwritten")
        }
    }

    @Test("are asked for by check where there are none, or where nobody rang them for 90 days")
    func checked() async throws {
        try await Scene.pair { scene in
            let bare = try await scene.sender.ask("check").out
            try require(bare.contains("telephone here: no number"), "it does not ask for ours: \(bare)")
            try require(bare.contains("telephone of \(scene.recipient.id): no number"), "nor for theirs: \(bare)")
            try scene.sender.addSettings(
                """
                contacts: { out-of-hours: { name: Duty desk, telephone: 01632 960001, rung: \(today()) } }
                partners:
                  \(scene.recipient.id):
                    contacts: { out-of-hours: { name: Control room, telephone: 01632 960002, rung: 2026-01-02 } }
                """)
            let told = try await scene.sender.ask("check").out
            try require(told.contains("telephone here: Duty desk, 01632 960001"), "ours is not right: \(told)")
            try require(told.contains("it was last rung on 2026-01-02"), "it believes an old number: \(told)")
        }
    }

    @Test("that are missing are said to be missing by init and partner add, with how to add them")
    func missing() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let made = try await Command.waybill([
            "init", "\(scratch.path)/a", "--agency", "hartlepool", "--name", "Hartlepool", "--listen", "127.0.0.1:1",
        ])
        try require(made.code == 0 && made.err.contains("contacts:"), "it does not say so: \(made)")
        let wrong = try await Command.waybill([
            "init", "\(scratch.path)/b", "--agency", "stockton", "--name", "Stockton", "--listen", "127.0.0.1:1",
            "--out-of-hours",
            "Duty desk",
        ])
        try require(wrong.code == 2, "it takes a name without a number: \(wrong)")
        try require(!FileManager.default.fileExists(atPath: "\(scratch.path)/b"), "it made half an installation")
    }
}
