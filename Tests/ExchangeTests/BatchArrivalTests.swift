import Envelope
import Exchange
import ExchangeTesting
import Foundation
import Ledger
import Testing
import Transport
import Vocabulary

/// Many consignments over one road: all go through every stage together, and each ends for itself.
@Suite(.timeLimit(.minutes(5))) struct BatchArrivalTests {
    /// Consignments one after another, each in pieces as they might come; the last may break off.
    struct ListedBatch: ArrivingBatch {
        private var waiting: ArraySlice<(id: ConsignmentID, body: TestBody)>
        private var body = TestBody([])

        init(_ all: [(id: ConsignmentID, body: TestBody)]) { waiting = all[...] }

        mutating func advance() throws(CutShort) -> Arriving? {
            if body.breaks { throw CutShort("the test broke the road") }
            guard let next = waiting.popFirst() else { return nil }
            body = next.body
            return Arriving(next.id)
        }

        mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool { try await body.next(take) }
        var cut: @Sendable () -> Void { body.cut }
    }

    private typealias Scene = ArrivalTests.Scene

    private func send(_ all: [(Parcelled, [[UInt8]])], _ scene: Scene) async -> [ArrivalAnswer] {
        var batch = ListedBatch(all.map { ($0.waybill.id, TestBody($1)) })
        return await scene.desk.receive(&batch, from: scene.stockton.id)
    }

    private func recall(_ parcel: Parcelled, _ scene: Scene) async throws {
        let now = scene.clock.now
        let later = LaterStatement(
            .recall, consignment: parcel.waybill.id, waybill: SHA256.digest(parcel.waybill.encoded),
            parties: parcel.waybill.parties, because: "Wrong family.", signedAt: now)
        let signing = scene.stockton.keys.signing
        let signed = try StatementSigner(key: signing.key(), certificate: signing.certificate).sign(
            later.encoded, at: now)
        #expect(await scene.desk.take(statement: signed, from: scene.stockton.id) == nil)
    }

    /// For somebody else, yet sealed to the police.
    private func misaddressed(_ scene: Scene, _ root: String) throws -> (Parcelled, [[UInt8]]) {
        let parcel = try Parcelled([9], from: scene.stockton, to: TestAgency("tewv", root: root), name: "other.pdf")
        let sealer = try Sealer(recipient: scene.police.keys.sealing.certificate)
        return (parcel, [try sealer.sealWaybill(parcel.signed()), try parcel.part(1, at: 1, sealer)])
    }

    @Test("of 256 one is damaged, one differs, one is refused, one was asked back, one is known: 251 others arrive")
    func each() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            var all: [(Parcelled, [[UInt8]])] = []
            for number in 0..<256 {
                let parcel = try scene.parcel(Array("note \(number)".utf8), name: "note-\(number).txt")
                all.append((parcel, try parcel.messages()))
                await Task.yield()
            }
            all[10].1[1][all[10].1[1].count - 1] ^= 1
            let differs = try Parcelled(
                [1], from: scene.stockton, to: scene.police, name: "differs.pdf", digest: SHA256.digest([2]))
            all[20] = (differs, try differs.messages())
            all[30] = try misaddressed(scene, root)
            try await recall(all[40].0, scene)
            guard case .receipt(let known, isNew: true) = try await scene.send(all[50].0, all[50].1) else {
                Issue.record("no receipt")
                return
            }
            let answers = await send(all, scene)
            #expect(answers.count == 256)
            for (at, answer) in answers.enumerated() {
                switch (at, answer) {
                case (10, .problem(let problem)): #expect(problem.kind == .malformed)
                case (20, .refusal(_, .wholeFileMismatch)), (30, .refusal(_, .notForUs)): break
                case (40, .refusal(_, .withdrawn)): break
                case (50, .receipt(known, isNew: false)): break
                case (_, .receipt(_, isNew: true)) where ![10, 20, 30, 40, 50].contains(at): break
                default: Issue.record("\(at) ended with \(answer)")
                }
            }
            #expect(scene.inbox.count == 252)
            #expect(scene.staged.isEmpty)
            for at in [0, 9, 11, 255] { #expect(scene.read("note-\(at).txt") == Array("note \(at)".utf8)) }
            #expect(scene.names("inbox/stockton/.waybills").count == 252)
            #expect(scene.agency.budget.holders(of: .waybills).isEmpty)
            #expect(scene.agency.budget.holders(of: .parts).isEmpty)
        }
    }

    @Test("files of one name keep their order; an id that stands twice arrives once, and the other hears busy")
    func order() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcels = try (1...9).map { try scene.parcel([UInt8($0)], name: "minutes.pdf") }
            var all = try parcels.map { ($0, try $0.messages()) }
            all.append(all[0])
            let answers = await send(all, scene)
            #expect(answers.count { if case .receipt(_, isNew: true) = $0 { true } else { false } } == 9)
            if case .problem(let problem)? = answers.last {
                #expect(problem.kind == .busy)
            } else {
                Issue.record("twice")
            }
            #expect(scene.read("minutes.pdf") == [1])
            for number in UInt8(2)...9 { #expect(scene.read("minutes (\(number)).pdf") == [number]) }
            // Each has its name at once: a partner cannot make a second intent of every file.
            #expect(await scene.police.ledger.testOnlyEvents.count { $0.leaf.kind == .publishing } == 9)
        }
    }

    @Test("what came whole before the road broke is kept, receipted and told when it is asked about")
    func broken() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcels = try (1...3).map { try scene.parcel([UInt8($0)], name: "note-\($0).txt") }
            var bodies = try parcels.map { ($0.waybill.id, TestBody(try $0.messages())) }
            let cut = try parcels[2].messages()
            bodies[2].1 = TestBody(cut, keeping: cut.joined().count - 9)
            var batch = ListedBatch(bodies)
            let answers = await scene.desk.receive(&batch, from: scene.stockton.id)
            #expect(answers.count == 3)
            #expect(scene.inbox == ["note-1.txt", "note-2.txt"])
            let told = await scene.desk.status(of: parcels.map(\.waybill.id), for: scene.stockton.id)
            #expect(told.count { if case .receipt = $0 { true } else { false } } == 2)
            guard case .unknown? = told.last else {
                Issue.record("\(told)")
                return
            }
            #expect(try await scene.send(parcels[2]).isReceipt)
        }
    }

    @Test("a large file and an emergency among small ones go by themselves")
    func mixed() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let small = try (1...3).map { try scene.parcel([UInt8($0)], name: "note-\($0).txt") }
            let all = [small[0], try scene.parcel(), small[1], small[2]]
            let answers = await send(try all.map { ($0, try $0.messages()) }, scene)
            #expect(answers.count { $0.isReceipt } == 4)
            #expect(scene.read("minutes.pdf") == ArrivalTests.content)
            #expect(scene.inbox == ["minutes.pdf", "note-1.txt", "note-2.txt", "note-3.txt"])
        }
    }
}

extension ArrivalAnswer {
    fileprivate var isReceipt: Bool { if case .receipt = self { true } else { false } }
}
