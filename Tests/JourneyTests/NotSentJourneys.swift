import Foundation
import Testing

/// Whoever dropped something that does not go is told beside it.
@Suite("Not sent", .timeLimit(.minutes(10)))
struct NotSentJourneys {
    private func note(_ name: String, in folder: String) async throws -> String {
        let path = "\(folder)/\(name).not-sent.txt"
        try await Wait.until("there is a note \(name).not-sent.txt") {
            FileManager.default.fileExists(atPath: path)
        }
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    private func awaitNoNotes(in folder: String) async throws {
        try await Wait.until("no note lies in the folder") {
            !Files.visible(in: folder).contains { $0.hasSuffix(".not-sent.txt") }
        }
    }

    @Test("a folder of files has a note beside it, which goes when it goes, over a restart too")
    func folder() async throws {
        try await Scene.pair { scene in
            let outbox = scene.sender.outbox(scene.recipient)
            try await scene.sender.awaitOutbox(scene.recipient)
            let desk = "\(scene.sender.folder)/desk/Case 1234"
            try FileManager.default.createDirectory(atPath: desk, withIntermediateDirectories: false)
            for name in ["a", "b", "c"] { try Data("x".utf8).write(to: URL(fileURLWithPath: "\(desk)/\(name)")) }
            try FileManager.default.moveItem(atPath: desk, toPath: "\(outbox)/Case 1234")
            let text = try await note("Case 1234", in: outbox)
            for words in ["Case 1234", "Folders are not sent", "What to do:", "999", "telephone"] {
                try require(text.contains(words), "the note does not say \(words): \(text)")
            }
            try await scene.sender.stop()
            try await scene.sender.start()
            _ = try await note("Case 1234", in: outbox)
            try await scene.sender.stop()
            try FileManager.default.removeItem(atPath: "\(outbox)/Case 1234")
            try await scene.sender.start()
            try await awaitNoNotes(in: outbox)
            try require(scene.recipient.received(from: scene.sender).isEmpty, "something was sent")
            try require(!scene.sender.logLines.contains { $0.contains("1234") }, "the log names the folder")
        }
    }

    @Test("what lies in outbox itself, beside the routes or in a folder of nobody is told there and in status")
    func strays() async throws {
        try await Scene.pair { scene in
            try await scene.sender.awaitOutbox(scene.recipient)
            let outbox = "\(scene.sender.folder)/outbox"
            try FileManager.default.createDirectory(atPath: "\(outbox)/nobody", withIntermediateDirectories: false)
            for folder in [outbox, "\(outbox)/\(scene.recipient.id)", "\(outbox)/nobody"] {
                try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/lost.txt"))
                let text = try await note("lost.txt", in: folder)
                try require(text.contains("What to do: Put it into"), "the note says \(text)")
            }
            let told = try await scene.sender.status().outboxTroubles.filter { $0.name == "lost.txt" }
            try require(told.count == 3, "status tells \(told)")
            for folder in [outbox, "\(outbox)/\(scene.recipient.id)", "\(outbox)/nobody"] {
                try FileManager.default.removeItem(atPath: "\(folder)/lost.txt")
                try await awaitNoNotes(in: folder)
            }
        }
    }

    @Test("litter and old leftovers are named in status, and a note is never sent nor put over a person's file")
    func litter() async throws {
        try await Scene.pair { scene in
            try await scene.sender.awaitOutbox(scene.recipient)
            let outbox = scene.sender.outbox(scene.recipient)
            let script = #"""
                printf x > Thumbs.db; printf x > desktop.ini; printf x > minutes.pdf:Zone.Identifier
                printf half > upload.pdf.filepart; touch -d '9 days ago' upload.pdf.filepart; printf x > young.part
                mkdir folder; printf 'by Ann' > folder.not-sent.txt
                """#
            let made = try await Command.run("/bin/sh", ["-c", script], in: outbox)
            try require(made.code == 0, "\(made)")
            for name in ["Thumbs.db", "desktop.ini", "Zone.Identifier"] {
                let why = try await scene.sender.trouble(with: name)
                try require(why.contains("never sent"), "status says of \(name): \(why)")
            }
            let why = try await scene.sender.trouble(with: "upload.pdf.filepart")
            try require(why.contains("9 days"), "status says \(why)")
            _ = try await note("upload.pdf.filepart", in: outbox)
            let young = try await scene.sender.status().outboxTroubles.contains { $0.name == "young.part" }
            try require(!young, "a transfer under way is told as a leftover")
            try await scene.requireDelivered(["folder.not-sent.txt": Data("by Ann".utf8)])
            try await Wait.until("the folder has its note, of whatever number") {
                Files.visible(in: outbox).contains { $0.hasPrefix("folder") && $0.hasSuffix(".not-sent.txt") }
            }
        }
    }

    @Test("an open document is left where it is, and the note says by whom it is open")
    func openDocument() async throws {
        try await Scene.pair { scene in
            try await scene.sender.awaitOutbox(scene.recipient)
            let outbox = scene.sender.outbox(scene.recipient)
            let mark = "\(outbox)/.~lock.minutes.odt#"
            try Data("Ann Smith,asmith,pc7,30.11.2026 09:00,file:///x;".utf8).write(to: URL(fileURLWithPath: mark))
            try await scene.sender.drop("minutes.odt", Data("whole".utf8), for: scene.recipient)
            let why = try await scene.sender.trouble(with: "minutes.odt")
            for words in [".~lock.minutes.odt#", "Ann Smith"] { try require(why.contains(words), "status says \(why)") }
            let text = try await note("minutes.odt", in: outbox)
            try require(text.contains("Ann Smith"), "the note says \(text)")
            try FileManager.default.removeItem(atPath: mark)
            try await scene.requireDelivered(["minutes.odt": Data("whole".utf8)])
            try await awaitNoNotes(in: outbox)
        }
    }
}

/// Files that only their owner may read: `cp -p`, `mv`, a umask of 077.
@Suite("Private files", .timeLimit(.minutes(10)))
struct PrivateFileJourneys {
    private func drop(_ name: String, as owner: String, _ scene: Scene) async throws {
        try await scene.sender.awaitOutbox(scene.recipient)
        let desk = "\(scene.sender.folder)/desk/\(name)"
        try Data(name.utf8).write(to: URL(fileURLWithPath: desk))
        let script =
            "chown \(owner) '\(desk)' && chmod 600 '\(desk)' && mv '\(desk)' '\(scene.sender.outbox(scene.recipient))'"
        let made = try await Command.run("/bin/sh", ["-c", script])
        try require(made.code == 0, "\(made)")
    }

    @Test(
        "one of a member of the senders' group goes, and stays closed to all others; one of a stranger stays",
        .enabled(if: Machine.canBecomeNobody, "needs root: other people's private files are NOT tried"))
    func goes() async throws {
        try await Scene.pair(settings: ["hartlepool": "groups: { senders: daemon }"], isStarted: false) { scene in
            try await Machine.giveToNobody(scene.sender.folder)
            try await scene.sender.startAsNobody(inGroup: "daemon", with: ["lease", "fowner"])
            try await scene.recipient.start()
            try await drop("mine.txt", as: "daemon:daemon", scene)
            try await drop("stranger.txt", as: "mail:mail", scene)
            try await scene.requireDelivered(["mine.txt": Data("mine.txt".utf8)])
            let why = try await scene.sender.trouble(with: "stranger.txt")
            try require(why.contains("senders' group"), "status says \(why)")
            let sent = scene.sender.sent(to: scene.recipient).first { $0.hasSuffix("/mine.txt") } ?? ""
            let list = try await Command.tool("getfacl", ["-pcn", sent])
            try require(
                !list.out.contains("group::r") && list.out.contains("other::---"), "others may read it: \(list)")
            // No thread of the daemon keeps the power over other people's files, nor would what it starts have any.
            let threads = try await Command.run(
                "/bin/sh", ["-c", "cat /proc/\(scene.sender.daemon?.id ?? 0)/task/*/status"])
            let sets = threads.lines.filter {
                $0.hasPrefix("CapEff") || $0.hasPrefix("CapAmb") || $0.hasPrefix("CapInh")
            }
            try require(!sets.isEmpty, "no thread was seen")
            for set in sets where !set.hasPrefix("CapEff") {
                try require(set.hasSuffix("0000000000000000"), "what it starts would have \(set)")
            }
            try require(
                sets.filter { $0.hasPrefix("CapEff") }.allSatisfy { $0.hasSuffix("0000000010000000") }, "\(sets)")
        }
    }

    @Test(
        "without the privilege it stays, with a note, an alarm, and the leases that are missing said once and in check",
        .enabled(if: Machine.canBecomeNobody, "needs root: other people's private files are NOT tried"))
    func stays() async throws {
        try await Scene.pair(settings: ["hartlepool": "groups: { senders: daemon }"], isStarted: false) { scene in
            try await Machine.giveToNobody(scene.sender.folder)
            try await scene.sender.startAsNobody(inGroup: "daemon", with: [])
            try await scene.recipient.start()
            try await drop("mine.txt", as: "daemon:daemon", scene)
            try await Wait.until("the note is there") {
                Files.visible(in: scene.sender.outbox(scene.recipient)).contains("mine.txt.not-sent.txt")
            }
            let alarms = try await scene.sender.status().alarms
            try require(alarms.keys.contains { $0.hasPrefix("unreadable/") }, "the alarms are \(alarms)")
            let said = scene.sender.logLines.filter { $0.contains("settle alone decides") }
            try require(said.count == 1, "the log says \(said.count) times that settle alone decides")
            let check = try await scene.sender.ask("check")
            try require(check.out.contains("settle alone tells"), "check says \(check.out)")
            try await drop("open.txt", as: "daemon:daemon", scene)
            let path = "\(scene.sender.outbox(scene.recipient))/open.txt"
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            try await Wait.until("it is delivered") {
                scene.recipient.received(from: scene.sender).contains("open.txt")
            }
            let id = try await scene.sender.ledger().first?.id ?? ""
            let story = try await scene.sender.asked("ledger", "show", id, "--json")
            try require(story.contains("settledOnly"), "the ledger says \(story)")
        }
    }
}
