import Dispatch
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Settings
import Statements
import Synchronization
import Testing
import Transport
import Vocabulary

@testable import Exchange

/// A folder on a mount whose server is gone never answers: that is its own trouble alone.
@Suite(.timeLimit(.minutes(5))) struct HangingFolderTests {
    @Test("files for others go while one partner's folders do not answer; that is said, and a stop is obeyed")
    func outbox() async throws {
        try await inTemporaryFolder { root in
            let scene = try SendingTests.Scene(root, adjust: { $0.hangsAfter = 0.5 })
            let redcar = try TestAgency("redcar", root: root, at: WallClock.now())
            scene.agency.partners.put(try redcar.asPartner(at: scene.clock.now))
            let layout = scene.agency.layout
            let silent = try Set(
                ["urgent", "strategy-meeting"].map { try layout.outbox(redcar.id, RouteName($0)).identity() })
            let gate = Gate()
            defer { gate.open() }
            let sending = scene.house.sending(
                scene.parts, by: scene.courier,
                list: { folder throws(FileTrouble) in
                    if silent.contains(try folder.identity()) { gate.pass() }
                    return try folder.entries()
                })
            let running = Task { try await sending.run() }
            #expect(
                try await eventually {
                    let alarms = scene.agency.alarms.current
                    return alarms["hangs/redcar"] != nil && alarms["hangs/redcar/urgent"] != nil
                })
            for (name, route) in [("now.txt", "urgent"), ("later.txt", "strategy-meeting")] {
                try await scene.drop([1], name, route)
                #expect(try await eventually { scene.names("sent").contains(name) })
            }
            #expect(gate.alarms == 2, "one call of each lane waits, not one for each look")
            running.cancel()
            try await running.value
        }
    }

    @Test("a folder that begins to answer again is looked at as ever, and nothing more is said")
    func back() async throws {
        try await inTemporaryFolder { root in
            let scene = try SendingTests.Scene(root, adjust: { $0.hangsAfter = 0.5 })
            let gate = Gate()
            defer { gate.open() }
            let sending = scene.house.sending(
                scene.parts, by: scene.courier,
                list: { folder throws(FileTrouble) in
                    gate.pass()
                    return try folder.entries()
                })
            let running = Task { try await sending.run() }
            try await scene.drop([1], "now.txt", "urgent")
            #expect(try await eventually { scene.agency.alarms.current["hangs/cleveland-police/urgent"] != nil })
            gate.open()
            #expect(try await eventually { scene.names("sent").contains("now.txt") })
            #expect(
                try await eventually {
                    !scene.agency.alarms.current.keys.contains { $0.hasPrefix("hangs/") }
                })
            running.cancel()
            try await running.value
        }
    }

    @Test("a place that does not answer is missing within seconds, others are confirmed, and it comes back by itself")
    func place() async throws {
        try await inTemporaryFolder { root in
            let folders = InstallationFolders(root: root)
            for path in folders.roots.values {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            try PlaceList(in: root).found(folders.roots)
            let (gate, isSilent) = (Gate(), Switch())
            defer { gate.open() }
            let outbox = folders.outbox
            let places = Places(folders.roots) { path throws(FileTrouble) in
                if path == outbox, isSilent.isOn { gate.pass() }
                return try Folder(path)
            }
            let records = PlaceRecords(InMemoryLedger.forTests(), places, root: root, doubts: Doubts())
            try await records.begin(at: Clock.start)
            #expect(places.missing.isEmpty)
            isSilent.turn(true)
            for _ in 0..<3 {
                try await Blocking.run { try places.confirm(.inbox) }
                #expect(places.missing.map(\.place) == ["outbox"])
            }
            #expect(gate.alarms == 1, "one call waits, not one for each look")
            isSilent.turn(false)
            gate.open()
            #expect(
                try await eventually {
                    try await Blocking.run { places.look() }
                    return places.missing.isEmpty
                })
        }
    }
}

private final class Switch: Sendable {
    private let state = Mutex(false)
    var isOn: Bool { state.withLock { $0 } }
    func turn(_ on: Bool) { state.withLock { $0 = on } }
}

/// Blocks whoever would pass until it is opened.
private final class Gate: Sendable {
    private let count = Mutex(0)
    private let signal = DispatchSemaphore(value: 0)

    /// How many have come to it.
    var alarms: Int { count.withLock { $0 } }

    func pass() {
        count.withLock { $0 += 1 }
        signal.wait()
        signal.signal()
    }

    func open() { signal.signal() }
}
