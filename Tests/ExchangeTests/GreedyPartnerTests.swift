import Envelope
import Exchange
import Folders
import Foundation
import Glibc
import Ledger
import Statements
import Testing
import Transport
import Vocabulary

/// One partner takes all that it may, and others are served.
@Suite("A greedy partner", .timeLimit(.minutes(5)))
struct GreedyPartnerTests {
    private typealias Scene = ArrivalTests.Scene

    // MARK: - Memory

    @Test("of parts that do not come whole no more are in memory than its share, and everybody else is served")
    func memory() async throws {
        try await around { scene, crowd in
            for _ in 0..<12 { try await crowd.bring(Self.largeParts(scene)) }
            try #require(await eventually { scene.staged.count == 12 })
            let (budget, stockton) = (scene.agency.budget, Budget.Holder.partner(scene.stockton.id))
            #expect(budget.held(.parts, by: stockton) <= 17 << 20)
            #expect(budget.held(.parts, by: stockton) >= 16 << 20)
            #expect(try await isNew(scene.send(try urgent(scene))))
            let redcar = try bystander(scene)
            #expect(try await isNew(scene.send(try Parcelled([1, 2, 3], from: redcar, to: scene.police))))
            let answers = await crowd.answers
            #expect(answers.isEmpty, "nobody was sent away")
        }
    }

    @Test("one that waits for room goes on when another one ends")
    func turns() async throws {
        try await around { scene, crowd in
            let first = try await crowd.bring(Self.largeParts(scene))
            let (budget, stockton) = (scene.agency.budget, Budget.Holder.partner(scene.stockton.id))
            try #require(await eventually { budget.held(.parts, by: stockton) >= 16 << 20 })
            let second = try await crowd.bring(Self.largeParts(scene))
            try #require(await eventually { scene.staged.count == 2 })
            first()
            try #require(await eventually { await crowd.answers.count == 1 })
            try #require(await eventually { budget.held(.parts, by: stockton) >= 16 << 20 })
            second()
            try #require(await eventually { budget.held(.parts, by: stockton) == 0 })
        }
    }

    @Test("waybills that are announced and do not come make room for those that do")
    func unread() async throws {
        try await around { scene, crowd in
            // The header of a message of 256 KiB, and nothing of it.
            for _ in 0..<12 { try await crowd.bring(Array([0x30, 0x83, 0x03, 0xff, 0xfb]), for: scene.stockton) }
            let (budget, stockton) = (scene.agency.budget, Budget.Holder.partner(scene.stockton.id))
            try #require(await eventually { budget.held(.unread, by: stockton) > 1 << 20 })
            #expect(budget.held(.unread, by: stockton) <= 3 << 19)
            try #require(await eventually { try await isNew(scene.send(try urgent(scene))) })
        }
    }

    // MARK: - The disk

    @Test("what was broken off keeps no more of the disk than came, and counts for its partner, also after a restart")
    func brokenOff() async throws {
        var rules = HouseRules()
        rules.stagedBytesPerPartner = 700_000
        try await around(rules) { scene, _ in
            let (budget, stockton) = (scene.agency.budget, Budget.Holder.partner(scene.stockton.id))
            for number in 1...3 {
                let answer = try await breakOff(Self.announced(scene, 400_000), after: 2, scene)
                #expect(problem(answer)?.kind == .cutShort)
                #expect(budget.held(.staged, by: stockton) == Int64(number) * 131_072)
                #expect(budget.held(.resting, by: stockton) == Int64(number))
            }
            #expect(scene.allocated <= 3 * 131_072 + 3 * 4096)
            let refused = try await breakOff(Self.announced(scene, 400_000), after: 2, scene)
            #expect(problem(refused)?.kind == .busy)
            #expect(budget.over()[stockton]?.contains(.held(.staged)) == true)
            #expect(try await isNew(scene.send(Parcelled([1], from: bystander(scene), to: scene.police))))
            let later = try scene.police.house(
                knowing: [scene.stockton.asPartner()], at: scene.clock, rules: scene.agency.rules)
            await later.desk().recover()
            #expect(later.agency.budget.held(.staged, by: stockton) == 3 * 131_072)
        }
    }

    @Test("what was announced and of which nothing came leaves nothing on the disk")
    func announced() async throws {
        try await around { scene, _ in
            _ = try await breakOff(Self.announced(scene, 1 << 30), after: 0, scene)
            #expect(scene.staged.isEmpty)
            #expect(scene.agency.budget.held(.staged) == 0)
        }
    }

    @Test("a file that is only announced takes little of the disk, and others may still send")
    func onlyAnnounced() async throws {
        try await around { scene, crowd in
            let free = try DiskSpace.free(at: Folder(scene.root))
            let most = max(1 << 20, (free - scene.agency.rules.diskReserve) / 10 * 9)
            try await crowd.bring(Self.largeParts(scene, size: most))
            try #require(await eventually { scene.staged.count == 1 })
            #expect(scene.allocated <= 300 << 20)
            #expect(try await isNew(scene.send(Parcelled([1], from: bystander(scene), to: scene.police))))
        }
    }

    @Test("a partner has so many broken off at a time; the next one begins anew")
    func manyBrokenOff() async throws {
        try await around { scene, _ in
            let (budget, stockton) = (scene.agency.budget, Budget.Holder.partner(scene.stockton.id))
            budget.count(budget.bounds[.resting].each, of: .resting, for: stockton)
            let parcel = try scene.parcel()
            _ = try await scene.send(parcel, keeping: 140_000)
            #expect(scene.staged.isEmpty)
            guard case .unknown = await scene.desk.status(of: parcel.waybill.id, for: scene.stockton.id) else {
                Issue.record("something of it is kept")
                return
            }
        }
    }

    // MARK: - Folders

    @Test("routes that no agreement of the two knows make one folder, and people read the route's name")
    func routes() async throws {
        try await around { scene, _ in
            for number in 0..<20 {
                var parcel = try scene.parcel([1], name: "a.txt")
                parcel.waybill = try parcel.waybill.on(route: "made-up-\(number)")
                try #require(await isNew(scene.send(parcel)))
                let side = try #require(scene.text("inbox/stockton/.waybills/\(parcel.waybill.id).json"))
                #expect(side.contains("made-up-\(number)"))
                let record = try await scene.agency.ledger.record(
                    ConsignmentKey(.received, scene.stockton.id, parcel.waybill.id))
                #expect(record?.route.text == "made-up-\(number)")
                #expect(record?.place?.hasPrefix("unknown-route/a") == true)
            }
            #expect(scene.names("inbox/stockton") == [".staging", ".waybills", "unknown-route"])
            #expect(scene.names("inbox/stockton/unknown-route").count == 20)
        }
    }

    @Test("where a file lies is read from its record, whatever agreements say by now")
    func inboxPlace() throws {
        let id = try ConsignmentID("01988f3c-0000-7000-8000-000000000000")
        var record = ConsignmentRecord(
            key: ConsignmentKey(.received, try AgencyID("stockton"), id), state: .delivered,
            route: try RouteName("strategy-meeting"), name: "minutes.pdf")
        #expect(InboxPlace(record) == nil)
        record.place = "minutes.pdf"
        #expect(InboxPlace(record)?.path == "strategy-meeting/minutes.pdf")
        record.place = "unknown-route/minutes.pdf"
        #expect(InboxPlace(record)?.path == "unknown-route/minutes.pdf")
    }

    // MARK: - The ledger

    @Test("what a partner adds to our ledger in an hour is bounded; an emergency and others still go in")
    func ledgerBytes() async throws {
        var rules = HouseRules()
        rules.ledgerBytesPerHour = 40_000
        try await around(rules) { scene, _ in
            var taken = 0
            for number in 0..<20 {
                let answer = try await scene.send(scene.parcel([1], name: "\(number).txt"))
                if isNew(answer) { taken += 1 } else { #expect(problem(answer)?.retryAfter ?? 0 >= 60) }
            }
            #expect((1..<10).contains(taken))
            #expect(try await isNew(scene.send(try urgent(scene))))
            #expect(try await isNew(scene.send(Parcelled([1], from: bystander(scene), to: scene.police))))
            #expect(scene.agency.budget.over()[.partner(scene.stockton.id)] == [.caused(.ledgerBytes)])
            scene.clock.advance(seconds: 3600)
            #expect(try await isNew(scene.send(scene.parcel([1], name: "later.txt"))))
        }
    }

    @Test("of waybills that are not accepted one line is said, and how many more there were")
    func lines() async throws {
        try await around { scene, _ in
            let parcel = try scene.parcel()
            let damaged = try parcel.messages(signed: scene.damaged(parcel))
            for _ in 0..<5 { _ = try await scene.send(parcel, damaged) }
            let unsaid = scene.agency.budget.unsaid(at: .now + .seconds(61))
            #expect(unsaid.map(\.count) == [4])
        }
    }

    @Test("whoever is over its share stands in the alarms, with whom to ring, until a minute after")
    func named() async throws {
        try await around { scene, _ in
            let (budget, now) = (scene.agency.budget, ContinuousClock.now)
            budget.note(.held(.staged), of: .partner(scene.stockton.id), at: now)
            budget.note(.held(.handshakes), of: .address("203.0.113.9"), at: now)
            let watch = BudgetWatch(agency: scene.agency)
            let names = watch.look(at: now)
            let alarms = scene.agency.alarms.current
            #expect(alarms["budget/stockton"]?.contains("bytes on the disk") == true)
            #expect(alarms["budget/connections"]?.contains("203.0.113.9") == true)
            watch.look(besides: names, at: now + .seconds(61))
            #expect(scene.agency.alarms.current.isEmpty)
        }
    }

    // MARK: - What the stories are made of

    private func around(
        _ rules: HouseRules = HouseRules(), body: @Sendable (Scene, Crowd) async throws -> Void
    ) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root, rules: rules)
            let crowd = Crowd(scene)
            do { try await body(scene, crowd) } catch {
                await crowd.end()
                throw error
            }
            await crowd.end()
        }
    }

    /// Two parts of 16 MiB, of which the header of the first comes and nothing more.
    private static func largeParts(_ scene: Scene, size: Int64 = 32 << 20) throws -> Parcelled {
        var parcel = try scene.parcel([], name: "large.bin")
        parcel.waybill = try parcel.waybill.announcing(size, parts: 1 << 24)
        return parcel
    }

    /// More than comes.
    private static func announced(_ scene: Scene, _ size: Int64) throws -> Parcelled {
        var parcel = try scene.parcel()
        parcel.waybill = try parcel.waybill.announcing(size, parts: 1 << 16)
        return parcel
    }

    /// Brings the first parts and almost all of the next one.
    private func breakOff(_ parcel: Parcelled, after parts: Int, _ scene: Scene) async throws -> ArrivalAnswer {
        let sealer = try Sealer(recipient: parcel.recipient.keys.sealing.certificate)
        let messages = try [sealer.sealWaybill(parcel.signed())] + (1...parts + 1).map { try parcel.part($0, at: $0) }
        return try await scene.send(parcel, messages, keeping: messages.reduce(0) { $0 + $1.count } - 100)
    }

    private func bystander(_ scene: Scene) throws -> TestAgency {
        let redcar = try TestAgency("redcar", root: scene.root)
        scene.agency.partners.put(try redcar.asPartner())
        return redcar
    }

    private func urgent(_ scene: Scene) throws -> Parcelled {
        try Parcelled(Array("now".utf8), from: scene.stockton, to: scene.police, name: "now.txt", route: "urgent")
    }

    private func problem(_ answer: ArrivalAnswer) -> Transport.Problem? {
        if case .problem(let problem) = answer { problem } else { nil }
    }

    private func isNew(_ answer: ArrivalAnswer) -> Bool {
        if case .receipt(_, isNew: true) = answer { true } else { false }
    }
}

extension ArrivalTests.Scene {
    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: "\(police.root)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// Bytes that staged files take on the disk, reserved ones too.
    fileprivate var allocated: Int64 {
        staged.reduce(0) { sum, name in
            var facts = stat()
            guard unsafe stat("\(police.root)/inbox/stockton/.staging/\(name)", &facts) == 0 else { return sum }
            return sum + Int64(facts.st_blocks) * 512
        }
    }
}

extension Waybill {
    func announcing(_ size: Int64, parts: Int) throws -> Waybill {
        Waybill(
            id: id, parties: parties, signedAt: signedAt, bind: bind,
            file: try FileDescription(name: file.name, size: size, sha256: file.sha256, mediaType: file.mediaType),
            partSize: try PartSize(bytes: parts), label: label, submittedBy: submittedBy)
    }

    fileprivate func on(route: String) throws -> Waybill {
        var label = label
        label.route = try RouteName(route)
        return Waybill(
            id: id, parties: parties, signedAt: signedAt, bind: bind, file: file, partSize: partSize, label: label,
            submittedBy: submittedBy)
    }
}
