import Envelope
import ExchangeTesting
import Folders
import Foundation
import Inspection
import Ledger
import Policy
import Statements
import Testing
import Vocabulary

@testable import Exchange

/// Stages that take several files: each keeps its place, and what is the matter with one is that one's.
@Suite(.timeLimit(.minutes(5))) struct StageBatchTests {
    private let register = WorkRegister()

    /// As a look at work/ finds it.
    private func claimed(_ bytes: [UInt8], _ name: String, _ scene: SendingTests.Scene) throws -> ClaimedFile {
        let (id, route) = (ConsignmentID.make(at: scene.clock.now), try RouteName("strategy-meeting"))
        let batch = WorkFolder(scene.police.id, route, .work, batch: 1)
        let folder = try Folder.make("\(scene.stockton.root)/aside", mode: 0o700)
        let file = try #require(FileName(name))
        try DurableFile.write(bytes, to: folder, file, mode: 0o644)
        let place = WorkRegister.Place(batch, file)
        let found = try #require(try FoundFile(place, in: folder))
        let claim = try #require(register.own(place, id))
        let labels = LabelRules(authors: LabelAuthors(), law: scene.agency.law)
        return ClaimedFile(found, id: id, claim, labels, at: scene.clock.now)
    }

    @Test("of three that are weighed together one is gone: the others have their weights, in order, however large")
    func weighed() async throws {
        try await inTemporaryFolder { root in
            let scene = try SendingTests.Scene(root)
            let large = [UInt8](repeating: 7, count: 9 << 20)
            let files = try [([1, 2], "a.pdf"), ([3], "gone.pdf"), (large, "large.bin")].map {
                try claimed($0.0, $0.1, scene)
            }
            try FileManager.default.removeItem(atPath: "\(scene.stockton.root)/aside/gone.pdf")
            let all = await Weigher.weigh(files)
            #expect(all.count == 3)
            #expect(try all[0].get().sha256 == SHA256.digest([1, 2]))
            #expect(throws: FileTrouble.self) { try all[1].get() }
            #expect(try all[2].get().sha256 == SHA256.digest(large))
        }
    }

    @Test("what cannot be opened to be looked into counts as not checked, never as one that need not be")
    func unopened() async throws {
        try await inTemporaryFolder { root in
            let scene = try SendingTests.Scene(root)
            let looker = ContentLooker(agency: scene.agency) { _, _, _, _ in Inspection(.checked) }
            let file = try claimed([1], "gone.txt", scene)
            try #require(looker.contentCheck(of: file) != .off)
            #expect(await looker.look(into: file)?.outcome == .checked)
            try FileManager.default.removeItem(atPath: "\(scene.stockton.root)/aside/gone.txt")
            #expect(await looker.look(into: file)?.outcome == .notChecked("it could not be opened"))
        }
    }

    @Test("of three that are signed together the ledger refuses one: the others are signed and in it")
    func signed() async throws {
        try await inTemporaryFolder { root in
            let scene = try SendingTests.Scene(root)
            let partner = try #require(scene.agency.partners[scene.police.id])
            let weighed = try await Weigher.weigh([claimed([1], "a.pdf", scene), claimed([2], "b.pdf", scene)])
                .map { try $0.get() }
            let unsigned = try [weighed[0], weighed[0], weighed[1]].map { weighed in
                let now = scene.clock.now
                guard case .labelled(let labelled) = Labeller(scene.agency).label(weighed, nil, at: now) else {
                    throw Held()
                }
                return Unsigned(labelled, to: partner, after: Records.beginning(weighed, at: now))
            }
            let all = await Signer(agency: scene.agency).sign(unsigned)
            #expect(all.map(\.isSuccess) == [true, false, true])
            #expect(try await scene.records.map(\.name).sorted { $0 ?? "" < $1 ?? "" } == ["a.pdf", "b.pdf"])
            #expect(try all[2].get().waybill.file.sha256 == SHA256.digest([2]))
        }
    }

    private struct Held: Error {}
}
