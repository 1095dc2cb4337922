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
