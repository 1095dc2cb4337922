import Foundation
import Testing

/// Labels that people lay beside their files.
@Suite("A side-car", .timeLimit(.minutes(10)))
struct SideCarJourneys {
    private static let label = Data("accuracy: \"checked by phone\"\n".utf8)

    @Test("changes the label of its file and is not sent itself")
    func good() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("plan.pdf.label.yaml", Self.label, for: scene.recipient)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            try require(try scene.arrivedLabels.contains("checked by phone"), "its words are not in the label")
        }
    }

    @Test("waits with a file that is still being written")
    func waits() async throws {
        try await Scene.pair { scene in
            try await scene.sender.awaitOutbox(scene.recipient)
            let path = "\(scene.sender.outbox(scene.recipient))/plan.pdf"
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try writer.write(contentsOf: Data("pl".utf8))
            try await scene.sender.drop("plan.pdf.label.yaml", Self.label, for: scene.recipient)
            try await Wait.stays("the file waits for its writer", for: 1.5) {
                FileManager.default.fileExists(atPath: path)
            }
            try writer.write(contentsOf: Data("an".utf8))
            try writer.close()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            try require(try scene.arrivedLabels.contains("checked by phone"), "the file went without its label")
        }
    }

    @Test("without a file, or too late for it, is shown as a problem and stays")
    func orphan() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["plan.pdf"])
            try await scene.sender.drop("plan.pdf.label.yaml", Self.label, for: scene.recipient)
            let why = try await scene.sender.trouble(with: "plan.pdf.label.yaml")
            try require(why.contains("no file"), "status says: \(why)")
            let path = "\(scene.sender.outbox(scene.recipient))/plan.pdf.label.yaml"
            try require(FileManager.default.fileExists(atPath: path), "the late side-car is gone")
        }
    }

    @Test("that is broken holds its file and tells line and remedy")
    func broken() async throws {
        try await Scene.pair { scene in
            let wrong = Data("accuracy: \"checked\"\nneccesity: \"because\"\n".utf8)
            try await scene.sender.drop("plan.pdf.label.yaml", wrong, for: scene.recipient)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("the reason lies in held/") {
                scene.sender.held(for: scene.recipient).contains { $0.hasSuffix("/plan.pdf.why.txt") }
            }
            try await scene.requireNothingLeft()
            let held = scene.sender.held(for: scene.recipient)
            let note = try #require(held.first { $0.hasSuffix("/plan.pdf.why.txt") })
            let text = String(decoding: try Files.bytes(note), as: UTF8.self)
            try require(text.contains("Line 2"), "the note names no line: \(text)")
            try require(text.contains("necessity"), "the note tells no remedy: \(text)")
            try require(held.contains { $0.hasSuffix("/plan.pdf") }, "the file is not in held/: \(held)")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "it was sent all the same")
        }
    }

    @Test("with a character that nobody sees holds its file in words, and a reason with one is refused in words")
    func unseen() async throws {
        try await Scene.pair { scene in
            let wrong = Data("accuracy: \"told by \\u202e phone\"\n".utf8)
            try await scene.sender.drop("plan.pdf.label.yaml", wrong, for: scene.recipient)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("the reason lies in held/") {
                scene.sender.held(for: scene.recipient).contains { $0.hasSuffix("/plan.pdf.why.txt") }
            }
            let held = scene.sender.held(for: scene.recipient)
            let note = try #require(held.first { $0.hasSuffix("/plan.pdf.why.txt") })
            let text = String(decoding: try Files.bytes(note), as: UTF8.self)
            try require(text.contains("Line 1") && text.contains("U+202E"), "the note does not say where: \(text)")
            let listed = try await scene.sender.asked("held", "list", "--json")
            let id = try #require(listed.firstMatch(of: /"id":"([0-9a-f-]{36})"/)?.1)
            for reason in ["a\u{1b}[2Jb", "a\u{202e}b", "a\u{9b}b"] {
                let outcome = try await scene.sender.ask("reject", String(id), "--because", reason)
                try require(outcome.code == 2, "\(reason.debugDescription): \(outcome)")
                try require(outcome.err.contains("U+00") || outcome.err.contains("U+202E"), "no reason: \(outcome)")
            }
            _ = try await scene.sender.asked("reject", String(id), "--because", "told\nin two lines")
            for agency in scene.agencies { try await agency.checkLedger() }
        }
    }
}

extension Scene {
    /// All labels that the recipient keeps.
    var arrivedLabels: String {
        get throws {
            let files = Files.below("\(recipient.folder)/inbox/\(sender.id)/.waybills")
            return try files.map { String(decoding: try Files.bytes($0), as: UTF8.self) }.joined()
        }
    }
}
