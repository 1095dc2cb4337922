import Testing
import Vocabulary

@testable import waybill

/// What `status` ends with, for whatever watches over the machine.
@Suite("The exit code of status") struct HealthTests {
    private func code(_ members: [String: JSON]) throws -> Int32 {
        Health(members, at: try Instant("2026-11-30T12:00:00.000Z")).code
    }

    private func underway(since: String) -> JSON {
        .array([.object(["id": .string("tewv"), "underway": .array([.object(["since": .string(since)])])])])
    }

    @Test("0 while it runs and nothing is wrong, however much is on its way")
    func well() throws {
        let on = underway(since: "2026-11-30T11:00:00.000Z")
        #expect(try code(["running": .bool(true), "alarms": .object([:]), "partners": on]) == 0)
    }

    @Test("1 while the daemon is down, an alarm stands, something is left, or a file waits for more than a day")
    func wrong() throws {
        let alarms = JSON.object(["disk": .string("full")])
        let left = JSON.array([.object(["name": .string("a")])])
        #expect(try code(["running": .bool(false)]) == 1)
        #expect(try code(["running": .bool(true), "alarms": alarms]) == 1)
        #expect(try code(["running": .bool(true), "outboxTroubles": left]) == 1)
        #expect(try code(["running": .bool(true), "partners": underway(since: "2026-11-29T11:59:59.000Z")]) == 1)
        #expect(try code(["alarms": alarms]) == 1, "what is known to be wrong goes before what cannot be told")
    }

    @Test("3 where nobody can tell, and JSON says null, not false")
    func unknown() throws {
        #expect(try code(["why": .string("You may not look.")]) == 3)
        let line = StatusVerb.line(["agency": .string("tewv")])
        #expect(line == #"{"agency":"tewv","counts":null,"duties":null,"outbox":null,"running":null}"#)
    }
}
