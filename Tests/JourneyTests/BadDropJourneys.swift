import Foundation
import Testing

/// Things in an outbox that cannot be sent as they are. Each stays where it is, and status says why.
@Suite("In the outbox", .timeLimit(.minutes(10)))
struct BadDropJourneys {
    @Test("links, pipes, folders, files with two names or with names that no waybill can hold stay, with the reason")
    func strange() async throws {
        try await Scene.pair { scene in
            try await scene.sender.awaitOutbox(scene.recipient)
            let outbox = scene.sender.outbox(scene.recipient)
            let elsewhere = "\(scene.sender.folder)/desk/original"
            try Data("elsewhere".utf8).write(to: URL(fileURLWithPath: elsewhere))
            try FileManager.default.createSymbolicLink(atPath: "\(outbox)/a-link", withDestinationPath: elsewhere)
            try FileManager.default.createDirectory(atPath: "\(outbox)/a-folder", withIntermediateDirectories: false)
            try FileManager.default.linkItem(atPath: elsewhere, toPath: "\(outbox)/two-names")
            // A pipe, a name in Latin-1, a name of two lines.
            let script = #"mkfifo a-pipe && : > "$(printf 'b\351d')" && : > "$(printf 'line\nbreak')""#
            let made = try await Command.run("/bin/sh", ["-c", script], in: outbox)
            try require(made.code == 0, "\(made)")

            let reasons = [
                ("a-link", "link"), ("a-pipe", "not a file"), ("a-folder", "Folders are not sent"),
                ("two-names", "second name"), ("b\u{fffd}d", "encoding"), ("break", "control characters"),
            ]
            for (name, reason) in reasons {
                let why = try await scene.sender.trouble(with: name)
                try require(why.contains(reason), "status says of \(name): \(why)")
            }
            try await scene.sender.drop("good.txt", Data("good".utf8), for: scene.recipient)
            try await scene.requireDelivered(["good.txt": Data("good".utf8)])
            let count = try FileManager.default.contentsOfDirectory(atPath: outbox).filter {
                !$0.hasSuffix(".not-sent.txt")
            }.count
            try require(count == 6, "the outbox holds \(count) things instead of the 6 that cannot be sent")
        }
    }

    @Test(
        "a file that Waybill may not read stays, and goes once it may",
        .enabled(if: Machine.canBecomeNobody, "needs root, setpriv and a toolchain that other accounts may read"))
    func unreadable() async throws {
        try await Scene.pair { scene in
            try await scene.sender.stop()
            try await Machine.giveToNobody(scene.sender.folder)
            try await scene.sender.startAsNobody()
            try await scene.sender.awaitOutbox(scene.recipient)
            let path = "\(scene.sender.outbox(scene.recipient))/secret.txt"
            try Data("secret".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            let why = try await scene.sender.trouble(with: "secret.txt")
            try require(why.contains("may not read"), "status says: \(why)")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            try await scene.requireDelivered(["secret.txt": Data("secret".utf8)])
        }
    }

    @Test("a file that is still being written is not sent before its writer closes it")
    func slowWriter() async throws {
        try await Scene.pair { scene in
            try await scene.sender.awaitOutbox(scene.recipient)
            let path = "\(scene.sender.outbox(scene.recipient))/slow.txt"
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try writer.write(contentsOf: Data("first ".utf8))
            try await Wait.stays("nothing is sent while the writer has it open", for: 1.5) {
                FileManager.default.fileExists(atPath: path) && scene.recipient.received(from: scene.sender).isEmpty
            }
            try writer.write(contentsOf: Data("second".utf8))
            try writer.close()
            try await scene.requireDelivered(["slow.txt": Data("first second".utf8)])
        }
    }

    @Test("names that programs use while they write are never taken")
    func temporaryNames() async throws {
        try await Scene.pair { scene in
            let names = [".hidden", "~lock", "a.part", "b.tmp", "c.filepart", "d.crdownload"]
            for name in names { try await scene.sender.drop(name, Data("x".utf8), for: scene.recipient) }
            try await scene.sender.drop("good.txt", Data("good".utf8), for: scene.recipient)
            try await scene.requireDelivered(["good.txt": Data("good".utf8)])
            let there = try FileManager.default.contentsOfDirectory(atPath: scene.sender.outbox(scene.recipient))
                .sorted()
            try require(there == names.sorted(), "the outbox holds \(there)")
        }
    }

    @Test("a name of 255 bytes, one that Windows forbids and one that hides its ending arrive under safe names")
    func hostileNames() async throws {
        try await Scene.pair { scene in
            let long = String(repeating: "ä", count: 125) + ".docx"
            let names = [long, "a:b?.txt", "CON", "exe\u{202e}fdp.txt"]
            for name in names { try await scene.sender.drop(name, Data(name.utf8), for: scene.recipient) }
            try await Wait.until("all are delivered") {
                try await scene.sender.ledger("--state", "delivered").count == names.count
            }
            let inbox = scene.recipient.inbox(scene.sender)
            let there = scene.recipient.received(from: scene.sender)
            try require(there.count == names.count, "the inbox holds \(there)")
            let bytes = Set(try there.map { try Files.bytes("\(inbox)/\($0)") })
            try require(bytes == Set(names.map { Data($0.utf8) }), "the contents are not those that were sent")
            let bad = there.filter { name in
                name.unicodeScalars.contains { "<>:\"|?*\u{202e}".unicodeScalars.contains($0) } || name == "CON"
            }
            try require(bad.isEmpty, "unsafe names in the inbox: \(bad)")
        }
    }
}
