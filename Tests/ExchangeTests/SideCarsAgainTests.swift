import Exchange
import ExchangeTesting
import Folders
import Foundation
import Testing
import Vocabulary

/// Side-cars are not synced one by one: what a power cut takes from beside a received file comes back.
@Suite(.timeLimit(.minutes(5))) struct SideCarsAgainTests {
    private typealias Scene = ArrivalTests.Scene

    /// As the machine's next start finds it.
    private func life(
        _ scene: Scene, isOver: Bool = false, sameBoot: Bool = false, owing: Instant? = nil
    ) throws -> LastLife {
        let (root, name) = (try Folder.make("\(scene.root)/life", mode: 0o700), try #require(FileName(".alive")))
        try LifeSign(mounts: [], seen: scene.clock.now, isOver: isOver, owedFrom: owing).write(name, in: root)
        let text = String(decoding: try DurableFile.read(name, in: root, atMost: 4096), as: UTF8.self)
        let boot = sameBoot ? Boot.id : "another"
        try DurableFile.write(
            Array(text.replacingOccurrences(of: Boot.id, with: boot).utf8), to: root, name, mode: 0o600)
        return LastLife.read(name, in: root, startedAt: scene.clock.now)
    }

    private func path(_ scene: Scene, _ parcel: Parcelled) -> String {
        "\(scene.police.root)/inbox/stockton/.waybills/\(parcel.waybill.id).json"
    }

    private func receive(_ count: Int, _ scene: Scene) async throws -> [Parcelled] {
        let parcels = try (0..<count).map { try scene.parcel([UInt8($0)], name: "note-\($0).txt") }
        for parcel in parcels { _ = try await scene.send(parcel) }
        return parcels
    }

    @Test(
        "gone, emptied and cut ones are whole again, to the byte; where file and side-car are gone nothing is written")
    func again() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcels = try await receive(6, scene)
            let whole = try parcels.map { try Data(contentsOf: URL(filePath: path(scene, $0))) }
            let files = FileManager.default
            try files.removeItem(atPath: path(scene, parcels[0]))
            for at in [1, 5] { try Data().write(to: URL(filePath: path(scene, parcels[at]))) }
            try whole[2].dropLast(7).write(to: URL(filePath: path(scene, parcels[2])))
            try files.removeItem(atPath: path(scene, parcels[3]))
            for at in [3, 5] {
                try files.removeItem(atPath: "\(scene.police.root)/inbox/stockton/strategy-meeting/note-\(at).txt")
            }
            scene.clock.advance(seconds: 60)
            #expect(await scene.desk.writeSideCarsAgain(after: try life(scene)))
            for at in [0, 1, 2, 4, 5] { #expect(files.contents(atPath: path(scene, parcels[at])) == whole[at]) }
            #expect(!files.fileExists(atPath: path(scene, parcels[3])))
        }
    }

    @Test("a place that was away and is there again is looked at, though nobody started the machine")
    func back() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try await receive(1, scene)[0]
            let whole = try Data(contentsOf: URL(filePath: path(scene, parcel)))
            try Data().write(to: URL(filePath: path(scene, parcel)))
            await scene.desk.takeUpAgain()
            #expect(FileManager.default.contents(atPath: path(scene, parcel)) == whole)
        }
    }

    @Test("what is owed is carried from life to life until it was done")
    func carried() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try await receive(1, scene)[0]
            let first = try #require(try life(scene).owed.from)
            try FileManager.default.removeItem(atPath: path(scene, parcel))
            scene.clock.advance(seconds: 7200)
            _ = try await scene.send(try scene.parcel([9], name: "later.txt"))
            let next = try life(scene, isOver: true, sameBoot: true, owing: first)
            #expect(next.owed.from == first)
            #expect(await scene.desk.writeSideCarsAgain(after: next))
            #expect(FileManager.default.fileExists(atPath: path(scene, parcel)))
            #expect(next.owed.from == first)
            await NotesAgain(agency: scene.agency, lastLife: next).write()
            #expect(next.owed.from == nil)
        }
    }

    @Test("an end in order does not wait for them either, so that the next start of the machine looks, too")
    func afterAnEndInOrder() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try await receive(1, scene)[0]
            try FileManager.default.removeItem(atPath: path(scene, parcel))
            await scene.desk.writeSideCarsAgain(after: try life(scene, isOver: true, sameBoot: true))
            #expect(!FileManager.default.fileExists(atPath: path(scene, parcel)))
            let life = try life(scene, isOver: true)
            #expect(!life.wasCut)
            await scene.desk.writeSideCarsAgain(after: life)
            #expect(FileManager.default.fileExists(atPath: path(scene, parcel)))
        }
    }

    @Test("what was received long before the end had reached the disk, and is not looked at")
    func longBefore() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try await receive(1, scene)[0]
            try FileManager.default.removeItem(atPath: path(scene, parcel))
            scene.clock.advance(seconds: 3600)
            _ = try await scene.send(try scene.parcel([9], name: "later.txt"))
            await scene.desk.writeSideCarsAgain(after: try life(scene))
            #expect(!FileManager.default.fileExists(atPath: path(scene, parcel)))
        }
    }
}
