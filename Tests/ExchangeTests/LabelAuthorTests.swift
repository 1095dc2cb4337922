import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Testing
import Vocabulary

/// Whose label counts beside whose file.
@Suite(.timeLimit(.minutes(5))) struct LabelAuthorTests {
    typealias Scene = SendingTests.Scene

    private static let (owner, colleague, officer): (UInt32, UInt32, UInt32) = (64_101, 64_102, 64_103)
    private static let label = Array("accuracy: \"told by a colleague\"\n".utf8)

    @Test("the owner's, an officer's, root's and ours; nobody else's")
    func counts() {
        let authors = LabelAuthors { $0 == Self.officer }
        for author in [Self.owner, Self.officer, 0, User.effective] {
            #expect(authors.counts(author, for: Self.owner))
        }
        #expect(!authors.counts(Self.colleague, for: Self.owner))
        #expect(!LabelAuthors().counts(Self.officer, for: Self.owner))
    }

    private func scene(_ root: String, labelOf author: UInt32, _ label: [UInt8] = label) async throws -> Scene {
        let scene = try Scene(root, authors: LabelAuthors { $0 == Self.officer })
        let aside = "\(root)/aside"
        try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
        let outbox = "\(scene.stockton.root)/outbox/\(scene.police.id)/strategy-meeting"
        _ = try scene.agency.layout.outbox(scene.police.id, RouteName("strategy-meeting"))
        for (name, bytes, account) in [("plan.txt.label.yaml", label, author), ("plan.txt", [1], Self.owner)] {
            try Data(bytes).write(to: URL(filePath: "\(aside)/\(name)"))
            try #require(unsafe chown("\(aside)/\(name)", account, account) == 0)
            try FileManager.default.moveItem(atPath: "\(aside)/\(name)", toPath: "\(outbox)/\(name)")
        }
        return scene
    }

    @Test(
        "a label of the owner or of an officer goes with the file, and the ledger says whose it is",
        .enabled(if: geteuid() == 0, "needs root to give files away"), arguments: [owner, officer])
    func good(_ author: UInt32) async throws {
        try await inTemporaryFolder { root in
            let scene = try await scene(root, labelOf: author)
            try await scene.runUntil { scene.names("sent").contains("plan.txt") && scene.names("work").isEmpty }
            #expect(scene.names("sent").contains("plan.txt.label.yaml"))
            let claimed = try #require(await scene.stockton.ledger.testOnlyEvents.first { $0.leaf.kind == .claimed })
            #expect(String(decoding: try #require(claimed.detail), as: UTF8.self).contains("\(author)"))
        }
    }

    @Test(
        "a colleague's label holds the file, with whose it is, and makes nothing urgent",
        .enabled(if: geteuid() == 0, "needs root to give files away"),
        arguments: ["accuracy: x\n", "emergency: { reason: \"x\" }\n"])
    func strange(_ label: String) async throws {
        try await inTemporaryFolder { root in
            let scene = try await scene(root, labelOf: Self.colleague, Array(label.utf8))
            try await scene.runUntil { scene.names("held").count == 3 && scene.names("work").isEmpty }
            let day = try #require(scene.days("held").first)
            let why = try String(contentsOfFile: "\(scene.stockton.root)/\(day)/plan.txt.why.txt", encoding: .utf8)
            #expect(why.contains("\(Self.colleague)") && why.contains("does not count"))
        }
    }
}
