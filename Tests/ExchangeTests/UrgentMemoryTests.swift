import Envelope
import Exchange
import Statements
import Testing
import Transport
import Vocabulary

/// What others hold of the memory for emergencies.
@Suite("Memory for an emergency", .timeLimit(.minutes(5)))
struct UrgentMemoryTests {
    private typealias Scene = ArrivalTests.Scene

    @Test("two partners whose urgent parts and waybills take all that there is keep no third one's emergency waiting")
    func fair() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let (crowd, budget) = (Crowd(scene), scene.agency.budget)
            let (redcar, third) = (try partner("redcar", scene), try partner("tewv", scene))
            // The first takes most of it; the second waits in front of all who come later.
            for sender in [scene.stockton, redcar] { try await crowd.bring(Self.large(from: sender, scene)) }
            try #require(
                await eventually {
                    budget.held(.urgentParts) >= 16 << 20 && scene.names("inbox/redcar/.staging").count == 1
                })
            let left = budget.bounds[.urgentWaybills].all - budget.held(.urgentWaybills)
            budget.count(left, of: .urgentWaybills, for: .partner(redcar.id))

            let began = ContinuousClock.now
            let answer = try await scene.send(Self.usual(from: third, scene))
            guard case .receipt(_, isNew: true) = answer else {
                Issue.record("\(answer)")
                return await crowd.end()
            }
            #expect(.now - began < .seconds(30), "it waited until somebody gave up")
            #expect(budget.held(.ownUrgentParts) == 0 && budget.held(.ownUrgentWaybills) == 0, "all is given back")
            #expect(await crowd.answers.isEmpty, "nobody was sent away")
            await crowd.end()
        }
    }

    private func partner(_ id: String, _ scene: Scene) throws -> TestAgency {
        let agency = try TestAgency(id, root: scene.root)
        scene.agency.partners.put(try agency.asPartner())
        return agency
    }

    /// Two parts of 16 MiB.
    private static func large(from sender: TestAgency, _ scene: Scene) throws -> Parcelled {
        var parcel = try Parcelled([], from: sender, to: scene.police, name: "large.bin", route: "urgent")
        parcel.waybill = try parcel.waybill.announcing(32 << 20, parts: 1 << 24)
        return parcel
    }

    /// Six parts of the usual size.
    private static func usual(from sender: TestAgency, _ scene: Scene) throws -> Parcelled {
        let content = [UInt8](repeating: 7, count: 3 << 20)
        var parcel = try Parcelled(content, from: sender, to: scene.police, name: "now.bin", route: "urgent")
        parcel.waybill = try parcel.waybill.announcing(Int64(content.count), parts: PartSize.usual.bytes)
        return parcel
    }
}
