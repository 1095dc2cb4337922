import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Statements
import Testing
import Transport
import Vocabulary

/// What the receiving desk says to honest, broken and lying senders.
@Suite struct ArrivalTests {
    static let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    /// stockton sends, cleveland-police receives.
    struct Scene {
        let clock = Clock()
        let stockton: TestAgency
        let police: TestAgency
        let house: House
        let desk: Arrivals
        let root: String

        init(_ root: String, rules: HouseRules = HouseRules()) throws {
            self.root = root
            stockton = try TestAgency("stockton", root: root)
            police = try TestAgency("cleveland-police", root: root)
            house = try police.house(knowing: [try stockton.asPartner()], at: clock, rules: rules)
            desk = house.desk()
        }

        var agency: Agency { house.agency }

        func parcel(_ content: [UInt8] = ArrivalTests.content, name: String = "minutes.pdf") throws -> Parcelled {
            try Parcelled(content, from: stockton, to: police, name: name)
        }

        func send(_ parcel: Parcelled, _ messages: [[UInt8]]? = nil, from part: Int = 1, keeping: Int? = nil)
            async throws
            -> ArrivalAnswer
        {
            var body = TestBody(try messages ?? parcel.messages(from: part), keeping: keeping)
            return await desk.receive(parcel.waybill.id, from: parcel.sender.id, startingAt: part, body: &body)
        }

        var inbox: [String] { names("inbox/stockton/strategy-meeting") }
        var staged: [String] { names("inbox/stockton/.staging") }

        func names(_ path: String) -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: "\(police.root)/\(path)").sorted()) ?? []
        }

        func read(_ name: String) -> [UInt8]? {
            FileManager.default.contents(atPath: "\(police.root)/inbox/stockton/strategy-meeting/\(name)").map {
                [UInt8]($0)
            }
        }
    }

    @Test(
        "a whole consignment is published and receipted, and the receipt verifies",
        arguments: [0, 1, 65_536, 65_537, 200_000])
    func honest(_ size: Int) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel(Array(Self.content.prefix(size)))
            guard case .receipt(let bytes, isNew: true) = try await scene.send(parcel) else {
                Issue.record("no receipt")
                return
            }
            let verified = try StatementVerifier.verify(
                bytes, identity: scene.police.keys.identity.certificate, role: .signing, at: scene.clock.now)
            let receipt = try Receipt(parsing: verified.content)
            #expect(receipt.sha256 == parcel.waybill.file.sha256)
            #expect(receipt.consignment == parcel.waybill.id)
            #expect(scene.read("minutes.pdf") == parcel.content)
            #expect(scene.staged.isEmpty)
            #expect(scene.names("inbox/stockton/.waybills") == ["\(parcel.waybill.id).json"])
        }
    }

    @Test("a replay gets the same receipt, byte for byte, and no second file")
    func replay() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            let signed = try parcel.signed()
            guard case .receipt(let first, isNew: true) = try await scene.send(parcel, parcel.messages(signed: signed)),
                case .receipt(let second, isNew: false) = try await scene.send(parcel, parcel.messages(signed: signed)),
                case .receipt(let third) = await scene.desk.status(of: parcel.waybill.id, for: scene.stockton.id)
            else {
                Issue.record("no receipts")
                return
            }
            #expect(first == second)
            #expect(first == third)
            #expect(scene.inbox == ["minutes.pdf"])
        }
    }

    @Test("the same id with another waybill is a conflict, and an incident")
    func conflict() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            _ = try await scene.send(parcel)
            var other = try scene.parcel(Array(Self.content.reversed()))
            other.waybill = other.waybill.named(parcel.waybill.id)
            guard case .refusal(_, .conflict) = try await scene.send(other) else {
                Issue.record("not refused")
                return
            }
            #expect(scene.inbox == ["minutes.pdf"])
            #expect(scene.read("minutes.pdf") == parcel.content)
            #expect(await scene.police.ledger.kinds.contains(.incident))
        }
    }

    @Test("two files of one name are both kept")
    func sameName() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            _ = try await scene.send(scene.parcel())
            _ = try await scene.send(scene.parcel([1, 2, 3]))
            _ = try await scene.send(scene.parcel([4], name: "MINUTES.pdf"))
            #expect(scene.inbox == ["MINUTES (3).pdf", "minutes (2).pdf", "minutes.pdf"])
        }
    }

    @Test("a stranger is told to exchange cards")
    func stranger() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let stranger = try TestAgency("redcar", root: root)
            let parcel = try Parcelled([1], from: stranger, to: scene.police)
            guard case .problem(let problem) = try await scene.send(parcel) else {
                Issue.record("not refused")
                return
            }
            #expect(problem.kind == .notAllowed)
        }
    }

    @Test(
        "a waybill signed by another agency's key, or with a damaged signature, opens nothing",
        arguments: ["foreign", "damaged"])
    func wrongSigner(_ how: String) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            let foreign = try TestAgency("redcar", root: root)
            let signed = how == "foreign" ? try parcel.signed(by: foreign.keys) : try scene.damaged(parcel)
            guard case .problem(let problem) = try await scene.send(parcel, parcel.messages(signed: signed)) else {
                Issue.record("not refused")
                return
            }
            #expect(problem.kind == .malformed)
            #expect(scene.inbox.isEmpty && scene.staged.isEmpty)
        }
    }

    @Test("a waybill for somebody else is refused for good")
    func notForUs() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            var parcel = try scene.parcel()
            let other = try TestAgency("redcar", root: root)
            parcel.waybill = parcel.waybill.addressed(to: other)
            guard case .refusal(let signed, .notForUs) = try await scene.send(parcel) else {
                Issue.record("not refused")
                return
            }
            let verified = try StatementVerifier.verify(
                signed, identity: scene.police.keys.identity.certificate, role: .signing, at: scene.clock.now)
            #expect(try Refusal(parsing: verified.content).reason == .notForUs)
        }
    }

    @Test("a waybill that another partner brings is not believed")
    func borrowed() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let thief = try TestAgency("redcar", root: root)
            scene.agency.partners.put(try thief.asPartner())
            let parcel = try scene.parcel()
            var body = TestBody(try parcel.messages())
            let answer = await scene.desk.receive(parcel.waybill.id, from: thief.id, startingAt: 1, body: &body)
            guard case .problem(let problem) = answer else {
                Issue.record("not refused")
                return
            }
            #expect(problem.kind == .malformed)
        }
    }

    @Test("swapped, repeated, missing, surplus and damaged parts are never published", arguments: 0..<6)
    func parts(_ how: Int) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            var messages = try parcel.messages()
            switch how {
            case 0: messages.swapAt(1, 2)
            case 1: messages[2] = messages[1]
            case 2: messages.removeLast()
            case 3: messages.append(messages[1])
            case 4: messages[3][messages[3].count / 2] ^= 1
            default: messages[2] = try Parcelled(Self.content, from: scene.stockton, to: scene.police).part(2, at: 2)
            }
            guard case .problem = try await scene.send(parcel, messages) else {
                Issue.record("not refused")
                return
            }
            #expect(scene.inbox.isEmpty)
            guard case .receipt = try await scene.send(parcel) else {
                Issue.record("the honest retry was not taken")
                return
            }
            #expect(scene.read("minutes.pdf") == parcel.content)
        }
    }

    @Test("a body that breaks off is gone on with, and the rest makes the whole", arguments: [70_000, 140_000])
    func resume(_ kept: Int) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            guard case .problem(let problem) = try await scene.send(parcel, keeping: kept),
                case .next(let next) = await scene.desk.status(of: parcel.waybill.id, for: scene.stockton.id)
            else {
                Issue.record("no place to go on from")
                return
            }
            #expect(problem.kind == .cutShort)
            #expect(next == kept / 66_000 + 1)
            guard case .receipt = try await scene.send(parcel, from: next) else {
                Issue.record("not taken")
                return
            }
            #expect(scene.read("minutes.pdf") == parcel.content)
        }
    }

    @Test(
        "what came whole and could not be published need not come again: its waybill is enough",
        arguments: [false, true])
    func publishedLater(_ isAnotherLife: Bool) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            let folder = "\(scene.police.root)/inbox/stockton/.waybills"
            try FileManager.default.createDirectory(
                atPath: "\(scene.police.root)/inbox/stockton", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: folder))
            guard case .problem = try await scene.send(parcel) else {
                Issue.record("published without a side-car")
                return
            }
            try FileManager.default.removeItem(atPath: folder)
            let desk = isAnotherLife ? scene.house.desk() : scene.desk
            guard case .next(let next) = await desk.status(of: parcel.waybill.id, for: scene.stockton.id) else {
                Issue.record("its mark is gone")
                return
            }
            #expect(next == parcel.waybill.partCount + 1)
            var body = TestBody(try parcel.messages(from: next))
            let answer = await desk.receive(parcel.waybill.id, from: scene.stockton.id, startingAt: next, body: &body)
            guard case .receipt = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(scene.read("minutes.pdf") == parcel.content)
        }
    }

    @Test("after a restart an arrival goes on from its mark")
    func resumeAfterRestart() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            _ = try await scene.send(parcel, keeping: 140_000)
            let newDesk = scene.house.desk()
            guard case .next(let next) = await newDesk.status(of: parcel.waybill.id, for: scene.stockton.id) else {
                Issue.record("the mark is gone")
                return
            }
            #expect(next == 3)
            var body = TestBody(try parcel.messages(from: next))
            guard
                case .receipt = await newDesk.receive(
                    parcel.waybill.id, from: scene.stockton.id, startingAt: next, body: &body)
            else {
                Issue.record("not taken")
                return
            }
            #expect(scene.read("minutes.pdf") == parcel.content)
        }
    }

    @Test("an arrival that would go on from a part that nobody staged is asked to look again")
    func resumeFromNowhere() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            guard case .problem(let problem) = try await scene.send(parcel, from: 3) else {
                Issue.record("taken")
                return
            }
            #expect(problem.kind == .malformed)
        }
    }

    @Test("a file that differs from its digest although every part is bound is refused for good")
    func wholeMismatch() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try Parcelled(
                Self.content, from: scene.stockton, to: scene.police, digest: SHA256.digest([1, 2, 3]))
            guard case .refusal(_, .wholeFileMismatch) = try await scene.send(parcel) else {
                Issue.record("not refused")
                return
            }
            #expect(scene.inbox.isEmpty && scene.staged.isEmpty)
        }
    }
}
