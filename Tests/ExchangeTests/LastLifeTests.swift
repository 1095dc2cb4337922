import Exchange
import Folders
import Foundation
import Testing
import Vocabulary

/// What a new life doubts after the one before it did not end in order.
@Suite struct LastLifeTests {
    private static let name = FileName(".alive")

    /// A sign as another boot, or this one, would have left it.
    private func sign(_ root: Folder, boot: String?, isOver: Bool, seen: Instant, mounts: [MountIdentity]) throws {
        let name = try #require(Self.name)
        try LifeSign(mounts: mounts, seen: seen, isOver: isOver).write(name, in: root)
        guard let boot else { return }
        let text = String(decoding: try DurableFile.read(name, in: root, atMost: 4096), as: UTF8.self)
        try DurableFile.write(
            Array(text.replacingOccurrences(of: Boot.id, with: boot).utf8), to: root, name, mode: 0o600)
    }

    private func doubts(boot: String?, isOver: Bool = false, sameMount: Bool = true, age: Double = 0) async throws
        -> Bool
    {
        var isDoubted = false
        try await inTemporaryFolder { path in
            let root = try Folder.make(path, mode: 0o700)
            let file = try #require(FileName("drop.txt"))
            try DurableFile.write([1], to: root, file, mode: 0o600)
            let now = WallClock.now()
            let mounts = sameMount ? [MountIdentity(of: root)].compactMap(\.self) : []
            let seen = now.adding(seconds: Int64(age))
            try sign(root, boot: boot, isOver: isOver, seen: seen, mounts: mounts)
            let life = LastLife.read(try #require(Self.name), in: root, startedAt: now.adding(seconds: 1))
            let facts = try #require(try root.lookup(file))
            isDoubted = life.doubt(file, facts, in: root) != nil
        }
        return isDoubted
    }

    @Test("another boot of the machine: what was dropped within two minutes of the last sign of life is doubted")
    func cut() async throws { #expect(try await doubts(boot: "another")) }

    @Test("what was dropped long before the last sign of life had reached the disk")
    func before() async throws { #expect(try await !doubts(boot: "another", age: 3600)) }

    @Test("a program that was killed loses nothing: the kernel has what people wrote")
    func killed() async throws { #expect(try await !doubts(boot: nil)) }

    @Test("a disk that was away in between, on a machine that ran on, is doubted")
    func remounted() async throws { #expect(try await doubts(boot: nil, sameMount: false)) }

    @Test("after an end in order nothing is doubted")
    func over() async throws { #expect(try await !doubts(boot: "another", isOver: true)) }

    @Test("a first start doubts nothing")
    func first() async throws {
        try await inTemporaryFolder { path in
            let root = try Folder.make(path, mode: 0o700)
            #expect(!LastLife.read(try #require(Self.name), in: root, startedAt: WallClock.now()).wasCut)
        }
    }

    @Test(
        "a sign that the disk has lost doubts what was dropped about the time when it was written",
        arguments: ["", "{"])
    func lost(_ left: String) async throws {
        try await inTemporaryFolder { path in
            let root = try Folder.make(path, mode: 0o700)
            let (name, file) = (try #require(Self.name), try #require(FileName("drop.txt")))
            try DurableFile.write([1], to: root, file, mode: 0o600)
            try DurableFile.write(Array(left.utf8), to: root, name, mode: 0o600)
            let life = LastLife.read(name, in: root, startedAt: WallClock.now())
            #expect(life.doubt(file, try #require(try root.lookup(file)), in: root) != nil)
        }
    }
}
