import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Synchronization
import Testing
import Transport
import Vocabulary

/// A file dropped in a real outbox, through the real sending half, to a real desk or to one that lies.
@Suite(.timeLimit(.minutes(5))) struct SendingTests {
    struct Scene: Sendable {
        let stockton: TestAgency
        let police: TestAgency
        let house: House
        let policeHouse: House
        let parts: SendingParts
        let desk: Arrivals
        let courier: ScriptedCourier
        let clock = Clock(live: true)

        init(
            _ root: String, recipient: String = "cleveland-police", retry: Double = 0.05,
            authors: LabelAuthors = LabelAuthors(), look: ContentLook? = nil,
            batch: BatchBounds = BatchBounds(count: 1),
            adjust: (inout HouseRules) -> Void = { _ in }
        ) throws {
            stockton = try TestAgency("stockton", root: root, at: WallClock.now())
            police = try TestAgency(recipient, root: root, at: WallClock.now())
            var rules = HouseRules()
            rules.settle = 0.1
            rules.scanInterval = 0.2
            rules.retryFirst = retry
            rules.retryMost = max(0.2, retry)
            rules.waitingNoteAfter = 0.5
            rules.partSize = try PartSize(bytes: 1 << 16)
            adjust(&rules)
            let partner = try police.asPartner(at: clock.now)
            house = try stockton.house(knowing: [partner], at: clock, rules: rules)
            parts = SendingParts(contacts: rules.contacts, labelAuthors: authors, look: look)
            policeHouse = try police.house(
                knowing: [try stockton.asPartner(at: clock.now)], at: clock, rules: rules)
            desk = policeHouse.desk()
            courier = ScriptedCourier(FakeCourier(from: stockton.id, to: desk), batch: batch)
        }

        var agency: Agency { house.agency }

        func life() -> Sending {
            house.sending(parts, by: courier)
        }

        /// Drops a file by rename, runs the daemon's sending half until `done`, and stops it.
        func run(
            _ bytes: [UInt8], name: String = "minutes.pdf", route: String = "strategy-meeting",
            until done: @escaping @Sendable () async throws -> Bool
        ) async throws {
            try await drop(bytes, name, route)
            try await runUntil(nil, done)
        }

        func drop(_ bytes: [UInt8], _ name: String, _ route: String) async throws {
            let folder = try agency.layout.outbox(police.id, RouteName(route))
            let file = try #require(FileName(name))
            try await Blocking.run { try DurableFile.write(bytes, to: folder, file, mode: 0o644) }
        }

        /// One life of the sending half: it recovers, works until `done`, and stops.
        func runUntil(
            _ given: Sending? = nil, _ done: @escaping @Sendable () async throws -> Bool
        ) async throws {
            let sending = given ?? life()
            let running = Task { try await sending.run() }
            let isDone = try await eventually(done)
            running.cancel()
            try await running.value
            #expect(isDone, "not done within a minute; \(agency.alarms.current)")
        }

        var records: [ConsignmentRecord] {
            get async throws { try await stockton.ledger.list(LedgerFilter(), after: nil, limit: 100) }
        }

        func state(_ wanted: ConsignmentState) -> @Sendable () async throws -> Bool {
            { try await records.first?.state == wanted }
        }

        /// `sent/PARTNER/ROUTE/DATE` and the like, below the root.
        func days(_ path: String) -> [String] {
            let all = (try? FileManager.default.subpathsOfDirectory(atPath: "\(stockton.root)/\(path)")) ?? []
            return all.filter { $0.split(separator: "/").count == 3 }.map { "\(path)/\($0)" }
        }

        func names(_ path: String, of agency: TestAgency? = nil) -> [String] {
            let root = (agency ?? stockton).root
            let days = (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(path)")) ?? []
            return days.map { String($0.split(separator: "/").last ?? "") }.filter { $0.contains(".") }.sorted()
        }
    }

    @Test("a dropped file is delivered, and lies in sent/ with its receipt")
    func delivered() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            try await scene.run(ArrivalTests.content) {
                scene.names("sent").count == 3 && scene.names("work").isEmpty
            }
            #expect(scene.names("sent") == ["minutes.pdf", "minutes.pdf.receipt.p7s", "minutes.pdf.receipt.txt"])
            #expect(scene.names("inbox/stockton/strategy-meeting", of: scene.police) == ["minutes.pdf"])
            #expect(try await scene.records.map(\.state) == [.delivered])
        }
    }

    @Test(
        "what a liar answers is no receipt: nothing is recorded, the file stays, and honesty later helps",
        arguments: Lie.allCases)
    func liar(_ lie: Lie) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.courier.script { try lie.answer(to: $0, by: scene.police) }
            try await scene.run(ArrivalTests.content) { scene.courier.calls >= 2 }
            #expect(try await scene.records.map(\.state) == [.dispatching])
            #expect(scene.names("sent").filter { !$0.hasSuffix(".waiting.txt") }.isEmpty)
            #expect(scene.names("work") == ["minutes.pdf"])
            scene.courier.script(nil)
            try await scene.runUntil { scene.names("work").isEmpty }
            #expect(try await scene.records.map(\.state) == [.delivered])
        }
    }

    @Test("a signed refusal ends it: the file comes back to held/ with the words of the recipient")
    func refused() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.courier.script { parcel in
                guard let mine = parcel as? Consignment else { return .tryLater(TryLater(.ours, "not ours")) }
                let waybill = mine.waybill.waybill
                let refusal = Refusal(
                    consignment: waybill.id, waybill: mine.waybill.digest, parties: waybill.parties, reason: .policy,
                    explanation: "We have no such agreement.", signedAt: waybill.signedAt)
                let keys = scene.police.keys.signing
                let signer = try StatementSigner(key: keys.key(), certificate: keys.certificate)
                return .refusal(try signer.sign(refusal.encoded, at: waybill.signedAt))
            }
            try await scene.run([1, 2, 3]) { scene.names("held").count == 3 }
            #expect(scene.names("held") == ["minutes.pdf", "minutes.pdf.refusal.p7s", "minutes.pdf.refused.txt"])
            #expect(try await scene.records.map(\.state) == [.refused])
        }
    }

    @Test("a file that changes while it is sent is held, and the recipient is told")
    func changed() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.courier.script { parcel in
                _ = try await parcel.message(0)
                _ = try await parcel.message(1)
                let file = "\(scene.stockton.root)/work/cleveland-police/strategy-meeting/1/minutes.pdf"
                guard let handle = Foundation.FileHandle(forUpdatingAtPath: file) else { return .receipt([]) }
                try handle.write(contentsOf: Data([0xff]))
                try handle.close()
                for index in 2..<(parcel.partCount + 1) { _ = try await parcel.message(index) }
                return .tryLater(TryLater(.ours, "should not come here"))
            }
            try await scene.run(ArrivalTests.content) { scene.names("held").count == 2 }
            #expect(try await scene.records.map(\.state) == [.withdrawn])
            #expect(scene.names("held") == ["minutes.pdf", "minutes.pdf.why.txt"])
            let postman = StatementSender(agency: scene.agency, sending: scene.life())
            let running = Task { await postman.run() }
            try await eventually { scene.courier.posted >= 1 }
            running.cancel()
            await running.value
            #expect(scene.courier.posted == 1)
        }
    }

    @Test("while a partner is away a note says so, and it goes when the file is delivered")
    func away() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.courier.script { _ in .tryLater(TryLater(.unreachable, "Nobody answers there.")) }
            try await scene.run([1]) { scene.names("sent") == ["minutes.pdf.waiting.txt"] }
            scene.courier.script(nil)
            try await scene.runUntil { scene.names("sent").count == 3 && scene.names("work").isEmpty }
            #expect(scene.names("sent") == ["minutes.pdf", "minutes.pdf.receipt.p7s", "minutes.pdf.receipt.txt"])
        }
    }

    @Test("a partner that wishes one consignment to come later is heeded")
    func retryAfter() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root, retry: 30)
            scene.courier.script { _ in .tryLater(TryLater(.misunderstood, "Not this one, not now.", after: 20)) }
            try await scene.run([1]) { try await !scene.stockton.ledger.attempts().isEmpty }
            let attempt = try #require(try await scene.stockton.ledger.attempts().first)
            #expect(attempt.nextAt.seconds - attempt.lastAt.seconds >= 20)
        }
    }

    @Test("a file for an agency outside the agreement is held with its reason, and a person may release it")
    func heldAndReleased() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root, recipient: "somebody-else")
            try await scene.run([1, 2]) { scene.names("held").count == 2 }
            let record = try #require(try await scene.records.first)
            #expect(record.state == .held)
            #expect(record.why?.contains("R-011") == true)
            let id = record.key.id
            let sending = scene.life()
            try await scene.runUntil(sending) {
                if try await scene.records.first?.state == .held {
                    try await sending.release(id, because: "The duty manager agreed.", by: "officer")
                }
                return scene.names("sent").count == 3
            }
            let kinds = try await scene.stockton.ledger.events(of: record.key).map(\.leaf.kind)
            #expect(kinds == [.claimed, .weighed, .held, .released, .signed, .dispatching, .delivered])
        }
    }

    @Test("a decision not to share is a record of its own")
    func rejected() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root, recipient: "somebody-else")
            try await scene.run([1, 2]) { scene.names("held").count == 2 }
            let id = try #require(try await scene.records.first).key.id
            try await scene.life().reject(id, because: "It would put the child at greater risk.", by: "officer")
            #expect(try await scene.records.map(\.state) == [.rejected])
            #expect(scene.names("held") == ["minutes.pdf", "minutes.pdf.rejected.txt"])
        }
    }

    @Test("a broken side-car holds its file and says which line")
    func brokenSideCar() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            try await scene.drop(
                Array("purpose: pu-3.1\ncolour: red\n".utf8), "minutes.pdf.label.yaml", "strategy-meeting")
            try await scene.run([1]) { scene.names("held").contains("minutes.pdf.why.txt") }
            let why = try #require(try await scene.records.first?.why)
            #expect(why.contains("Line 2") && why.contains("colour"))
        }
    }

    @Test("a trouble of the ledger is waited for, and nothing is lost")
    func ledgerBusy() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            await scene.stockton.ledger.fail(with: .busy("another process"))
            try await scene.drop([1], "minutes.pdf", "strategy-meeting")
            try await scene.runUntil { scene.agency.alarms.current["prepare"] != nil }
            await scene.stockton.ledger.fail(with: nil)
            try await scene.runUntil { scene.names("sent").count == 3 && scene.names("work").isEmpty }
            #expect(try await scene.records.map(\.state) == [.delivered])
        }
    }
}
