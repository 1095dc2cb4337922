import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Testing
import Transport
import Vocabulary

/// That a received file was collected, accepted or left lying, as both ledgers come to know it.
@Suite(.timeLimit(.minutes(5))) struct CollectionTests {
    typealias Pair = LaterStatementTests.Pair

    @Test("a file that is moved away is told as collected, once, and the duty to collect it is closed")
    func moved() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            try await pair.watching {
                // Then the folder is watched.
                try await pair.fence()
                try FileManager.default.moveItem(atPath: pair.inbox("minutes.pdf"), toPath: "\(root)/taken.pdf")
                try await pair.awaitClosed(id)
            }
            try await pair.post { try await pair.heard(id).map(\.kind) == [.handover] }
            let heard = try #require(try await pair.heard(id).first)
            #expect(heard.because == "moved")
            #expect(try await pair.scene.records.allSatisfy { $0.state == .delivered })
            // Another life finds nothing to say.
            try await pair.watching { try await pair.fence() }
            #expect(try await pair.said(id).map(\.kind) == [.handover])
        }
    }

    @Test("a file that was taken while nobody watched is told as removed; one that stands there is not told")
    func removedMeanwhile() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let other = try await pair.deliver(name: "plan.pdf")
            try FileManager.default.removeItem(atPath: pair.inbox("minutes.pdf"))
            try await pair.watching { try await pair.awaitClosed(id) }
            #expect(try await pair.said(id).map(\.because) == ["removed"])
            #expect(try await pair.said(other).isEmpty)
        }
    }

    @Test(
        "opening counts only where the settings say so, and what we do ourselves never counts",
        arguments: [true, false])
    func opened(_ counts: Bool) async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root) { $0.collected = counts ? .opened : .moved }
            _ = try await pair.deliver(name: "first.pdf")
            try await pair.watching {
                // Arrives while it is watched: staged, published, receipted, looked at.
                let id = try await pair.deliver()
                try await pair.fence()
                #expect(try await pair.said(id).isEmpty)
                _ = try Data(contentsOf: URL(filePath: pair.inbox("minutes.pdf")))
                try await pair.fence()
                #expect(try await pair.said(id).map(\.because) == (counts ? ["opened"] : []))
            }
            #expect(FileManager.default.fileExists(atPath: pair.inbox("minutes.pdf")))
        }
    }

    @Test("an inbox that is not the one we published to says nothing: the side-car is missing with the file")
    func notMounted() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let sideCar = "\(pair.scene.police.root)/inbox/stockton/.waybills/\(id).json"
            try FileManager.default.moveItem(atPath: sideCar, toPath: "\(root)/side-car")
            try FileManager.default.removeItem(atPath: pair.inbox("minutes.pdf"))
            try await pair.watching {
                try await pair.fence()
                #expect(try await pair.said(id).isEmpty)
            }
            try FileManager.default.moveItem(atPath: "\(root)/side-car", toPath: sideCar)
            try await pair.watching { try await pair.awaitClosed(id) }
            #expect(try await pair.said(id).map(\.because) == ["removed"])
        }
    }

    @Test("a restored copy of the inbox is the inbox; another file under the name is not the file")
    func copies() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let path = pair.inbox("minutes.pdf")
            let facts = try FileManager.default.attributesOfItem(atPath: path)
            try FileManager.default.copyItem(atPath: path, toPath: "\(root)/backup")
            try FileManager.default.moveItem(atPath: path, toPath: "\(root)/original")
            let modified = try #require(facts[.modificationDate] as? Date)
            try FileManager.default.moveItem(atPath: "\(root)/backup", toPath: path)
            try Self.setModified(path, like: "\(root)/original", modified)
            try await pair.watching {
                try await pair.fence()
                #expect(try await pair.said(id).isEmpty)
                try FileManager.default.removeItem(atPath: path)
                try Data("another".utf8).write(to: URL(filePath: path))
                try await pair.awaitClosed(id)
            }
        }
    }

    /// To the nanosecond, as backup programs do: `touch -r`.
    private static func setModified(_ path: String, like other: String, _ date: Date) throws {
        let touch = Process()
        touch.executableURL = URL(filePath: "/usr/bin/touch")
        touch.arguments = ["-r", other, path]
        try touch.run()
        touch.waitUntilExit()
        #expect(touch.terminationStatus == 0)
    }

    @Test("a receipt carries the duty to collect in its own event: a delivery has no event more")
    func cost() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let key = ConsignmentKey(.received, pair.scene.stockton.id, id)
            let events = try await pair.policeAgency.ledger.events(of: key)
            let carrying = try events.filter { event in
                try EventDetail(parsing: #require(event.detail)).duties.contains { $0.kind == .collection }
            }
            #expect(carrying.map(\.leaf.kind) == [.received])
            let received = try EventDetail(parsing: #require(carrying.first?.detail))
            #expect(try received.duties.count == 1)
            let added = JSON.array(try received.duties.map(\.json)).encoded.count
            #expect(added < 400, "the duty adds \(added) bytes")
            let duty = try #require(try await pair.duties(pair.policeAgency, .collection).first)
            #expect(duty.due.seconds - duty.openedAt.seconds == 2 * 86_400)
        }
    }

    @Test("what came as an emergency should be collected within a quarter of an hour")
    func emergency() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            try await pair.scene.run([1], name: "now.txt", route: "urgent") {
                try await pair.scene.records.first?.state == .delivered
            }
            let duty = try #require(try await pair.duties(pair.policeAgency, .collection).first)
            #expect(duty.due.seconds - duty.openedAt.seconds == 900)
        }
    }

    @Test("what lies too long is told once; a person there rings, and collecting it settles that")
    func uncollected() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root) { $0.collectExpires = 0 }
            let id = try await pair.deliver()
            try await pair.watching {
                try await pair.until { try await pair.said(id).map(\.kind) == [.uncollected] }
                try await pair.fence()
            }
            #expect(try await pair.owed(pair.policeAgency, .collection, id)?.state == .open)
            try await pair.watching { try await pair.fence() }
            #expect(try await pair.said(id).map(\.kind) == [.uncollected])

            try await pair.post { try await pair.owed(pair.scene.agency, .uncollected, id)?.state == .open }
            try FileManager.default.removeItem(atPath: pair.inbox("minutes.pdf"))
            try await pair.watching { try await pair.awaitClosed(id) }
            try await pair.post { try await pair.owed(pair.scene.agency, .uncollected, id)?.state == .closed }
            #expect(try await pair.owed(pair.scene.agency, .uncollected, id)?.ground == "collected")
        }
    }

    @Test("a person accepts once: the duty to collect is closed, the sender hears it")
    func accepted() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let desk = pair.scene.policeHouse.duties
            try await desk.accept(id, because: nil, by: "r.okafor")
            #expect(try await pair.duties(pair.policeAgency, .collection).map(\.ground) == ["accepted"])
            await #expect(throws: OfficerProblem.self) { try await desk.accept(id, because: "Again.", by: "r.okafor") }
            try await pair.post { try await pair.heard(id).map(\.kind) == [.acceptance] }
            // Taking the file afterwards says nothing more.
            try FileManager.default.removeItem(atPath: pair.inbox("minutes.pdf"))
            try await pair.watching { try await pair.fence() }
            #expect(try await pair.said(id).map(\.kind) == [.acceptance])
        }
    }

    @Test("what was asked back, or was not meant for us, is not accepted")
    func notAccepted() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let desk = pair.scene.policeHouse.duties
            let misdirected = try await pair.deliver()
            try await desk.misdirected(misdirected, because: "No such case.", by: "r.okafor")
            #expect(try await pair.duties(pair.policeAgency, .collection).map(\.ground) == ["misdirected"])
            await #expect(throws: OfficerProblem.self) {
                try await desk.accept(misdirected, because: nil, by: "r.okafor")
            }
            let recalled = try await pair.deliver(name: "plan.pdf")
            _ = try await pair.recall(recalled)
            try await pair.post { try await pair.duties(pair.policeAgency, .recalled).count == 1 }
            await #expect(throws: OfficerProblem.self) { try await desk.accept(recalled, because: nil, by: "r.okafor") }
            // That we destroy it ourselves is no collection.
            try await pair.watching {
                try await desk.destroyed(recalled, because: "Deleted.", by: "r.okafor")
                try await pair.fence()
            }
            #expect(try await pair.said(recalled).map(\.kind) == [.destroyed])
        }
    }

    @Test("two partners who used one id: nothing is said of either until one is named")
    func oneID() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let record = try #require(
                try await pair.policeAgency.ledger.record(ConsignmentKey(.received, pair.scene.stockton.id, id)))
            try await pair.policeAgency.ledger.received(record, from: AgencyID("tewv"), at: WallClock.now())
            let desk = pair.scene.policeHouse.duties
            let refused = await #expect(throws: OfficerProblem.self) {
                try await desk.misdirected(id, because: "No such case.", by: "r.okafor")
            }
            #expect(refused?.description.contains("--partner") == true)
            try await desk.misdirected(id, from: pair.scene.stockton.id, because: "No such case.", by: "r.okafor")
            #expect(try await pair.said(id).map(\.kind) == [.misdirected])
        }
    }
}
