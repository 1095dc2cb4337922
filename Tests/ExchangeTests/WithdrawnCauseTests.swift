import Exchange
import ExchangeTesting
import Foundation
import Ledger
import Testing
import Transport
import Vocabulary

/// What becomes of a withdrawn file after a restart follows from the cause that its event names.
@Suite(.timeLimit(.minutes(5))) struct WithdrawnCauseTests {
    typealias Scene = SendingTests.Scene

    private static let away = TryLater(.unreachable, "Nobody answers there.")

    @Test("one that names the clock goes under a new id, whatever its words say")
    func clock() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            try await withdraw(scene, "clock", because: "Words of another release.")
            try await scene.runUntil { scene.names("sent").contains("minutes.pdf") }
            #expect(try await Set(scene.records.map(\.state)) == [.withdrawn, .delivered])
        }
    }

    @Test("one that names another cause is held, whatever its words say", arguments: ["changed", "of a later release"])
    func other(_ cause: String) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            try await withdraw(scene, cause, because: "It was signed while our clock was ahead of the time.")
            try await scene.runUntil { scene.names("held").contains("minutes.pdf") }
            #expect(try await scene.records.map(\.state) == [.withdrawn])
        }
    }

    /// A life that ended right after this commit.
    private func withdraw(_ scene: Scene, _ cause: String, because: String) async throws {
        scene.courier.script { _ in .tryLater(Self.away) }
        try await scene.run(Array("whole".utf8), until: scene.state(.dispatching))
        var record = try #require(try await scene.records.first)
        (record.state, record.why) = (.withdrawn, because)
        let detail = EventDetail(["because": .string(because), "cause": .string(cause)])
        _ = try await scene.stockton.ledger.append([
            NewEvent(
                at: scene.clock.now, kind: .withdrawn, consignment: record.key.id, partner: record.key.partner,
                detail: detail, record: record)
        ])
        scene.courier.script(nil)
    }
}
