import Envelope
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Statements
import Testing
import Transport
import Vocabulary

@testable import Exchange

/// A file about to be published whose staged copy is gone: signed for only where that proves something.
@Suite("When it is not sure that a file was published") struct DoubtTests {
    typealias Scene = ArrivalTests.Scene

    /// As a life leaves it that died between publishing and the receipt.
    private func published(_ parcel: Parcelled, _ scene: Scene) async throws -> ConsignmentKey {
        let (partner, now) = (try scene.stockton.asPartner(), scene.clock.now)
        let messages = try parcel.messages()
        let opened = try scene.desk.waybills.open(messages[0], from: partner, at: now)
        guard
            case .admitted(let admitted) = scene.desk.admission.judge(
                opened, id: parcel.waybill.id, from: partner, at: now)
        else { throw Malformed("fixture", "not admitted") }
        let key = StagingKey(partner: partner.id, id: parcel.waybill.id)
        let staging = try Staging.begin(admitted, key: key, in: scene.agency.layout.staging(partner.id))
        for message in messages.dropFirst() { try staging.write(message, opener: scene.agency.us.opener) }
        for end in await scene.desk.inbox.publish([try staging.finish(admitted, mode: 0o660, group: nil)]) {
            _ = try end.get()
        }
        #expect(scene.inbox == ["minutes.pdf"])
        return ConsignmentKey(.received, partner.id, parcel.waybill.id)
    }

    private func intents(_ scene: Scene) async -> Int {
        await scene.police.ledger.testOnlyEvents.count { $0.leaf.kind == .publishing }
    }

    @Test("without doubt, a staged file that is gone was published, even if somebody has taken it")
    func certain() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            _ = try await published(parcel, scene)
            try FileManager.default.removeItem(
                atPath: "\(root)/cleveland-police/inbox/stockton/strategy-meeting/minutes.pdf")
            await scene.desk.recover()
            guard case .receipt = await scene.desk.status(of: parcel.waybill.id, for: scene.stockton.id) else {
                Issue.record("no receipt")
                return
            }
            #expect(scene.inbox.isEmpty)
        }
    }

    @Test("in doubt and not to be seen, nothing is signed, and the sender brings it anew")
    func notSeen() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            let key = try await published(parcel, scene)
            try FileManager.default.removeItem(
                atPath: "\(root)/cleveland-police/inbox/stockton/strategy-meeting/minutes.pdf")
            try await scene.desk.inbox.doubts.raise(.open, of: key, in: scene.agency.ledger)
            await scene.desk.recover()
            #expect(try await scene.agency.ledger.record(key)?.state == .publishing)
            guard case .receipt(_, isNew: true) = try await scene.send(parcel) else {
                Issue.record("not taken anew")
                return
            }
            #expect(scene.read("minutes.pdf") == parcel.content)
            #expect(scene.desk.inbox.doubts[key] == nil)
            #expect(try await scene.agency.ledger.remembered(named: "doubt/").isEmpty)
        }
    }

    @Test("after a failed sync the name is not believed: it is put back and published once more, under a new intent")
    func publishedAnew() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            let key = try await published(parcel, scene)
            let before = await intents(scene)
            try await scene.desk.inbox.doubts.raise(.seenThere(generation: 0), of: key, in: scene.agency.ledger)
            guard case .receipt = try await scene.send(parcel) else {
                Issue.record("no receipt")
                return
            }
            #expect(await intents(scene) == before + 1)
            #expect(scene.inbox == ["minutes.pdf"])
            #expect(scene.read("minutes.pdf") == parcel.content)
            #expect(scene.staged.isEmpty)
        }
    }

    @Test("what this life saw published and a reader has taken was collected, whatever the sync said")
    func takenByAReader() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            let key = try await published(parcel, scene)
            try FileManager.default.removeItem(
                atPath: "\(root)/cleveland-police/inbox/stockton/strategy-meeting/minutes.pdf")
            try await scene.desk.inbox.doubts.raise(.seenThere(generation: 0), of: key, in: scene.agency.ledger)
            guard case .receipt(_, isNew: false) = try await scene.send(parcel) else {
                Issue.record("no receipt")
                return
            }
            #expect(scene.inbox.isEmpty)
        }
    }

    @Test("a staged file for which we have signed is never purged, and a person is told")
    func neverPurged() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            _ = try await scene.send(parcel)
            let staging = "\(root)/cleveland-police/inbox/stockton/.staging"
            for name in [parcel.waybill.id.text, ConsignmentID.make(at: scene.clock.now).text] {
                #expect(FileManager.default.createFile(atPath: "\(staging)/\(name)", contents: Data("x".utf8)))
            }
            try await scene.desk.purge()
            #expect(scene.staged == [parcel.waybill.id.text])
            #expect(scene.agency.alarms.current["staged/\(parcel.waybill.id)"] != nil)
        }
    }
}
