import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Inspection
import Ledger
import Synchronization
import Testing
import Transport
import Vocabulary

/// An urgent file stands behind nothing.
@Suite(.timeLimit(.minutes(5))) struct UrgentWorkTests {
    typealias Scene = SendingTests.Scene

    private static let away = TryLater(.unreachable, "Nobody answers there.")

    @Test("looks that never end keep no urgent file from going, and no other one for longer than their time")
    func slowLooks() async throws {
        try await inTemporaryFolder { root in
            let look: ContentLook = { _, _, _, _ in
                try? await Task.sleep(for: .seconds(600))
                return Inspection(.checked)
            }
            let scene = try Scene(root, look: look)
            let sending = scene.life()
            let running = Task { try await sending.run() }
            for number in 1...12 { try await scene.drop([1], "slow-\(number).pdf", "strategy-meeting") }
            try await scene.drop([2], "now.txt", "urgent")
            #expect(
                try await eventually {
                    try await scene.records.contains { $0.name == "now.txt" && $0.state == .delivered }
                })
            #expect(try await !scene.records.contains { $0.route.text == "strategy-meeting" })
            #expect(try await eventually { try await scene.records.count == 13 })
            running.cancel()
            try await running.value
        }
    }

    @Test("an urgent file to a partner who is away raises an alarm with whom to ring, and pushes up nobody's back-off")
    func urgentAway() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.courier.script { _ in .tryLater(Self.away) }
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await scene.drop([1], "now.txt", "urgent")
            #expect(try await eventually { scene.agency.alarms.current["urgent/cleveland-police"] != nil })
            let alarm = scene.agency.alarms.current["urgent/cleveland-police"] ?? ""
            #expect(alarm.contains("URGENT, NOT DELIVERED") && alarm.contains("Telephone them now"))
            #expect(try await eventually { scene.names("sent").contains("now.txt.waiting.txt") })
            #expect(sending.underway.first?.isAway == false)
            scene.courier.script(nil)
            #expect(try await eventually { scene.agency.alarms.current["urgent/cleveland-police"] == nil })
            running.cancel()
            try await running.value
        }
    }

    @Test("a waiting note that goes with those of the last life, or cannot be written at first, is written again")
    func noteAgain() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.courier.script { _ in .tryLater(Self.away) }
            let shut = "\(scene.stockton.root)/sent/cleveland-police"
            try FileManager.default.createDirectory(
                atPath: "\(scene.stockton.root)/sent", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: shut))
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await scene.drop([1], "now.txt", "urgent")
            #expect(try await eventually { scene.agency.alarms.current["urgent/cleveland-police"] != nil })
            try FileManager.default.removeItem(atPath: shut)
            let note = "now.txt.waiting.txt"
            #expect(try await eventually { scene.names("sent").contains(note) })
            await sending.tidyNotes()
            #expect(try await eventually { scene.names("sent").contains(note) })
            running.cancel()
            try await running.value
        }
    }

    @Test("what a label makes urgent waits neither for room among the claims ahead nor for space")
    func labelledUrgent() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root, adjust: { $0.claimsAhead = 2 })
            let courier = scene.courier
            scene.courier.script { parcel in
                let isUrgent = (parcel as? Consignment)?.waybill.isEmergency == true
                return isUrgent ? try await courier.carryHonestly(parcel) : .tryLater(Self.away)
            }
            let sending = scene.life()
            let running = Task { try await sending.run() }
            for number in 1...6 { try await scene.drop([1], "usual-\(number).txt", "strategy-meeting") }
            try await scene.drop(Array("accuracy: x\n".utf8), "usual-6.txt.label.yaml", "strategy-meeting")
            #expect(try await eventually { scene.names("work").count == 2 })
            try await scene.drop(
                Array("emergency: { reason: \"He is at the door.\" }\n".utf8), "now.txt.label.yaml", "strategy-meeting")
            try await scene.drop([2], "now.txt", "strategy-meeting")
            #expect(try await eventually { scene.names("sent").contains("now.txt") })
            #expect(scene.names("outbox").count { $0.hasPrefix("usual") } == 5)
            running.cancel()
            try await running.value
        }
    }

    @Test("urgent files of a tebibyte keep no urgent message of a few bytes waiting")
    func largeUrgent() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let sending = scene.life()
            let folder = try scene.agency.layout.outbox(scene.police.id, RouteName("urgent"))
            for number in 1...6 {
                let name = try #require(FileName("video-\(number).mp4"))
                try FileHandle(name, in: folder, .create(mode: 0o644)).truncate(to: 1 << 40)
            }
            let running = Task { try await sending.run() }
            #expect(try await eventually { scene.names("work").count == 6 })
            try await scene.drop([2], "now.txt", "urgent")
            #expect(try await eventually { scene.names("sent").contains("now.txt") })
            #expect(scene.names("work").count == 6)
            running.cancel()
            try await running.value
        }
    }

    @Test("an urgent file is first on its road, and makes nobody after it urgent")
    func urgencyEnds() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let seen = Mutex<[String: Bool]>([:])
            let courier = scene.courier
            scene.courier.script { parcel in
                let name = (parcel as? Consignment)?.waybill.waybill.file.name ?? ""
                seen.withLock { $0[name] = Urgency.isUrgent }
                return try await courier.carryHonestly(parcel)
            }
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await scene.drop([1], "now.txt", "urgent")
            #expect(try await eventually { scene.names("sent").contains("now.txt") })
            try await scene.drop([2], "later.txt", "strategy-meeting")
            #expect(try await eventually { scene.names("sent").contains("later.txt") })
            #expect(seen.withLock { $0 } == ["now.txt": true, "later.txt": false])
            running.cancel()
            try await running.value
        }
    }
}
