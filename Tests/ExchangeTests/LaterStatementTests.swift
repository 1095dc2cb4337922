import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Policy
import Testing
import Transport
import Vocabulary

/// Recalls, corrections and their answers between two agencies in one process, each with its desk and its postman.
@Suite(.timeLimit(.minutes(5))) struct LaterStatementTests {
    /// stockton sends to cleveland-police and back: both have a desk for what the other says.
    struct Pair: Sendable {
        let scene: SendingTests.Scene
        let stocktonDesk: Arrivals

        init(_ root: String, retry: Double = 0.05, adjust: (inout HouseRules) -> Void = { _ in }) throws {
            scene = try SendingTests.Scene(root, retry: retry, adjust: adjust)
            stocktonDesk = scene.house.desk()
        }

        var policeAgency: Agency { scene.policeHouse.agency }

        /// What the police say, by their postman.
        func policePost() -> StatementSender {
            let courier = FakeCourier(from: scene.police.id, to: stocktonDesk)
            return StatementSender(agency: policeAgency, sending: scene.policeHouse.sending(scene.parts, by: courier))
        }

        func deliver(_ bytes: [UInt8] = ArrivalTests.content, name: String = "minutes.pdf", sideCar: String? = nil)
            async throws -> ConsignmentID
        {
            if let sideCar { try await scene.drop(Array(sideCar.utf8), name + ".label.yaml", "strategy-meeting") }
            let known = Set(try await scene.records.map(\.key.id))
            try await scene.run(bytes, name: name) {
                try await scene.records.contains { !known.contains($0.key.id) && $0.state == .delivered }
                    && scene.names("work").isEmpty
            }
            return try #require(try await scene.records.first { !known.contains($0.key.id) }).key.id
        }

        /// Runs both postmen until `done`.
        func post(until done: @escaping @Sendable () async throws -> Bool) async throws {
            let posts = [StatementSender(agency: scene.agency, sending: scene.life()), policePost()]
            let running = posts.map { post in Task { await post.run() } }
            let isDone = try await eventually(done)
            for task in running { task.cancel() }
            #expect(isDone, "not handed over; \(scene.agency.alarms.current)")
        }

        func duties(_ agency: Agency, _ kind: Duty.Kind) async throws -> [Duty] {
            var filter = DutyFilter()
            filter.kinds = [kind]
            return try await agency.ledger.duties(filter, limit: 100)
        }
    }

    private static func account() -> String { "r.okafor" }

    @Test("a delivered file is asked back: an incident, a signed request, a signed answer, and the copy is gone")
    func recalledAfterDelivery() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let asked = try await pair.recall(id)
            #expect(asked == .asked)
            #expect(try await pair.scene.records.map(\.state) == [.recalled])
            let incident = try #require(try await pair.duties(pair.scene.agency, .incident).first)
            #expect(incident.due.seconds - incident.openedAt.seconds == 72 * 3600)

            try await pair.post { try await pair.duties(pair.policeAgency, .recalled).count == 1 }
            #expect(pair.scene.names("inbox/stockton/strategy-meeting", of: pair.scene.police) == ["minutes.pdf"])
            try await pair.scene.policeHouse.duties
                .destroyed(id, because: "Removed, nobody had opened it.", by: Self.account())
            #expect(pair.scene.names("inbox/stockton/strategy-meeting", of: pair.scene.police).isEmpty)

            try await pair.post { try await pair.duties(pair.scene.agency, .recall).first?.state == .closed }
            let closed = try #require(try await pair.duties(pair.scene.agency, .recall).first)
            #expect(closed.ground == "destroyed")
            #expect(closed.by == "partner:cleveland-police")
            #expect(closed.because == "Removed, nobody had opened it.")
            #expect(try await pair.duties(pair.scene.agency, .post).allSatisfy { $0.state == .closed })
        }
    }

    @Test("the other answer: it is kept, and why")
    func retained() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            _ = try await pair.recall(id)
            try await pair.post { try await pair.duties(pair.policeAgency, .recalled).count == 1 }
            try await pair.scene.policeHouse.duties
                .retained(id, because: "Needed as evidence.", by: Self.account())
            try await pair.post { try await pair.duties(pair.scene.agency, .recall).first?.ground == "retained" }
            #expect(pair.scene.names("inbox/stockton/strategy-meeting", of: pair.scene.police) == ["minutes.pdf"])
        }
    }

    @Test("a file that waits for its turn is taken back: it never leaves, and nobody is asked anything")
    func neverLeft() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root, retry: 600)
            let scene = pair.scene
            scene.courier.script { _ in .tryLater(TryLater(.unreachable, "away")) }
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await scene.drop([1], "first.pdf", "strategy-meeting")
            try await eventually { scene.courier.calls >= 1 }
            try await scene.drop([2], "second.pdf", "strategy-meeting")
            let second: @Sendable () async throws -> ConsignmentRecord? = {
                try await scene.records.first { $0.name == "second.pdf" && $0.state == .dispatching }
            }
            try await eventually { try await second() != nil }
            let id = try #require(try await second()).key.id
            #expect(try await sending.recall(id, because: "Wrong folder.", by: Self.account()) == .neverLeft)
            try await eventually { scene.names("held").count >= 2 }
            running.cancel()
            try await running.value
            #expect(scene.names("held") == ["second.pdf", "second.pdf.recalled.txt"])
            #expect(scene.courier.calls == 1)
            #expect(try await pair.duties(scene.agency, .recall).isEmpty)
            #expect(try await pair.duties(scene.agency, .post).isEmpty)
        }
    }

    @Test("a file that was tried is taken back: the partner is asked, and its daemon answers by itself")
    func takenBackUnderWay() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let scene = pair.scene
            scene.courier.script { parcel in
                _ = try await parcel.message(0)
                return .tryLater(TryLater(.unreachable, "away"))
            }
            try await scene.drop(ArrivalTests.content, "minutes.pdf", "strategy-meeting")
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await eventually { try await scene.records.first?.state == .dispatching && scene.courier.calls >= 1 }
            let id = try #require(try await scene.records.first).key.id
            let answer = try await sending.recall(id, because: "Wrong folder.", by: Self.account())
            // Some of it may have left, so the partner is asked to make sure, and somebody must judge.
            #expect(answer == .asked)
            #expect(try await scene.records.map(\.state) == [.recalled])
            try await eventually { scene.names("held").count >= 2 }
            #expect(scene.names("held") == ["minutes.pdf", "minutes.pdf.recalled.txt"])
            running.cancel()
            try await running.value

            // The partner never had it: its daemon answers by itself.
            scene.courier.script(nil)
            try await pair.post { try await pair.duties(scene.agency, .recall).first?.ground == "destroyed" }
            #expect(try await pair.duties(scene.agency, .incident).count == 1)
            #expect(scene.names("inbox/stockton/strategy-meeting", of: scene.police).isEmpty)
        }
    }

    @Test("a recalled file does not come back to life after a restart")
    func recalledStaysRecalled() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            _ = try await pair.recall(id)
            let calls = pair.scene.courier.calls
            let scans = pair.scene.agency.alarms.scans
            try await pair.scene.runUntil { pair.scene.agency.alarms.scans > scans + 1 }
            #expect(pair.scene.courier.calls == calls)
            await #expect(throws: OfficerProblem.self) { _ = try await pair.recall(id) }
        }
    }

    @Test("nothing is removed when another file has taken the name in the inbox")
    func anotherFile() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            _ = try await pair.recall(id)
            try await pair.post { try await pair.duties(pair.policeAgency, .recalled).count == 1 }
            let path = "\(pair.scene.police.root)/inbox/stockton/strategy-meeting/minutes.pdf"
            try FileManager.default.removeItem(atPath: path)
            try Data("another".utf8).write(to: URL(filePath: path))
            await #expect(throws: OfficerProblem.self) {
                try await pair.scene.policeHouse.duties.destroyed(id, because: "gone", by: Self.account())
            }
            #expect(FileManager.default.contents(atPath: path) == Data("another".utf8))
        }
    }

    @Test("a correction: the new version names the old one, both sides owe something until it is dealt with")
    func correction() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let old = try await pair.deliver()
            let sideCar = """
                subjects: [{ ref: TS-1042, role: child }]
                supersedes: { consignment: \(old), because: "Page 2 was of another child." }
                """
            let new = try await pair.deliver([1, 2, 3], name: "minutes v2.pdf", sideCar: sideCar)
            let record = try #require(try await pair.scene.records.first { $0.key.id == new })
            #expect(record.supersedes == old)
            let ours = try #require(try await pair.duties(pair.scene.agency, .correction).first)
            #expect(ours.consignment.id == old)
            #expect(ours.ground == "received")

            try await pair.post { try await pair.duties(pair.policeAgency, .corrected).count == 1 }
            let theirs = try #require(try await pair.duties(pair.policeAgency, .corrected).first)
            #expect(theirs.facts["replacement"] == new.text)
            try await pair.scene.policeHouse.duties
                .close(theirs.id, because: "Replaced in the case file.", by: Self.account())
            #expect(try await pair.duties(pair.policeAgency, .corrected).first?.state == .closed)
            await #expect(throws: OfficerProblem.self) {
                try await pair.scene.policeHouse.duties.close(theirs.id, because: "twice", by: Self.account())
            }
        }
    }

    @Test("a correction of what was never sent to that partner is held, with the fix")
    func correctionOfNothing() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let stranger = ConsignmentID.make(at: WallClock.now())
            let sideCar = "supersedes: { consignment: \(stranger), because: \"wrong\" }"
            try await pair.scene.drop(Array(sideCar.utf8), "minutes.pdf.label.yaml", "strategy-meeting")
            try await pair.scene.run([1]) { try await pair.scene.records.first?.state == .held }
            #expect(try await pair.scene.records.first?.why?.contains("R-065") == true)
        }
    }

    @Test("a misdirected file opens an incident at its sender")
    func misdirected() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            try await pair.scene.policeHouse.duties
                .misdirected(id, because: "Not a case of ours.", by: Self.account())
            try await pair.post { try await pair.duties(pair.scene.agency, .incident).count == 1 }
            let incident = try #require(try await pair.duties(pair.scene.agency, .incident).first)
            try await pair.scene.house.duties
                .close(incident.id, because: "Assessed; not reportable.", by: Self.account())
        }
    }

    @Test("the same statement again changes nothing, a forged or foreign one is not taken")
    func hostile() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let record = try #require(try await pair.scene.records.first)
            let waybill = try #require(record.waybill)
            let now = WallClock.now()
            let parties = try pair.parties()
            func statement(_ kind: LaterStatement.Kind, waybill: Digest, by keys: KeyRing) throws -> [UInt8] {
                let later = LaterStatement(
                    kind, consignment: id, waybill: waybill, parties: parties, because: "b", signedAt: now)
                let signing = keys.signing
                return try StatementSigner(key: signing.key(), certificate: signing.certificate)
                    .sign(later.encoded, at: now)
            }
            let (desk, us) = (pair.scene.desk, pair.scene.stockton.id)
            let honest = try statement(.recall, waybill: waybill, by: pair.scene.stockton.keys)
            #expect(await desk.take(statement: honest, from: us) == nil)
            #expect(await desk.take(statement: honest, from: us) == nil)
            #expect(try await pair.duties(pair.policeAgency, .recalled).count == 1)

            let forged = try statement(.recall, waybill: waybill, by: pair.scene.police.keys)
            #expect(await desk.take(statement: forged, from: us)?.kind == .malformed)
            let other = try statement(.recall, waybill: Digest(Random.bytes(32)), by: pair.scene.stockton.keys)
            #expect(await desk.take(statement: other, from: us)?.kind == .malformed)
            // A sender cannot say for the recipient that it destroyed something.
            let presumptuous = try statement(.destroyed, waybill: waybill, by: pair.scene.stockton.keys)
            #expect(await desk.take(statement: presumptuous, from: us)?.kind == .malformed)
            #expect(try await pair.duties(pair.policeAgency, .recalled).count == 1)
        }
    }
}

extension LaterStatementTests.Pair {
    func parties() throws -> Parties {
        Parties(
            from: scene.stockton.id, to: scene.police.id,
            fromIdentity: scene.stockton.keys.identity.certificate.fingerprint,
            toIdentity: scene.police.keys.identity.certificate.fingerprint)
    }
}
