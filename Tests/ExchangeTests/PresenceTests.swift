import Exchange
import Testing
import Vocabulary

@Suite("Presence of partners")
struct PresenceTests {
    private let second: Int64 = 1_000_000_000

    @Test("each listener hears of a partner at most once a second, and of each partner")
    func oncePerSecond() async throws {
        let (a, b) = (try AgencyID("police"), try AgencyID("council"))
        let presence = Presence()
        let (one, other) = (presence.arrivals(), presence.arrivals())
        presence.saw(a, at: 0)
        presence.saw(a, at: second - 1)
        presence.saw(b, at: second - 1)
        presence.saw(a, at: second)
        for stream in [one, other] {
            var heard: [AgencyID] = []
            for await partner in stream.prefix(3) { heard.append(partner) }
            #expect(heard == [a, b, a])
        }
    }

    @Test("a partner who asks about a consignment is seen, a stranger is not", .timeLimit(.minutes(1)))
    func seenAtTheDesk() async throws {
        try await inTemporaryFolder { root in
            let clock = Clock()
            let (us, them) = (try TestAgency("council", root: root), try TestAgency("police", root: root))
            let office = try us.office(knowing: [them.asPartner()], at: clock)
            let desk = Arrivals(office: office, card: { [] })
            let heard = office.presence.arrivals()
            let id = ConsignmentID.make(at: clock.now)
            _ = await desk.status(of: id, for: try AgencyID("nobody"))
            _ = await desk.status(of: id, for: them.id)
            for await partner in heard.prefix(1) { #expect(partner == them.id) }
        }
    }
}
