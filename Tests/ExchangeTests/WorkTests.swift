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

/// A file in work/ belongs to somebody, always.
@Suite(.timeLimit(.minutes(5))) struct WorkTests {
    typealias Scene = SendingTests.Scene

    private static let away = TryLater(.unreachable, "Nobody answers there.")
    private static let work = "work/cleveland-police/strategy-meeting"

    private func text(_ path: String, _ agency: TestAgency) -> String? {
        try? String(contentsOfFile: "\(agency.root)/\(path)", encoding: .utf8)
    }

    @Test("five files of one name, dropped while the partner is away, wait in work/ and arrive in order")
    func sameName() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.courier.script { _ in .tryLater(Self.away) }
            let sending = scene.life()
            let running = Task { try await sending.run() }
            for day in 1...5 {
                try await scene.drop(Array("day \(day)".utf8), "nightly.csv", "strategy-meeting")
                let isTaken = try await eventually { scene.names("outbox").isEmpty }
                #expect(isTaken, "day \(day) waits in the outbox, where the next would be written over it")
            }
            scene.courier.script(nil)
            let areThere = try await eventually {
                scene.names("inbox/stockton/strategy-meeting", of: scene.police).count == 5
                    && scene.names("work").isEmpty
            }
            #expect(areThere)
            running.cancel()
            try await running.value
            let records = try await scene.records.sorted { $0.sentAt ?? Clock.start < $1.sentAt ?? Clock.start }
            let digests = records.map(\.sha256)
            #expect(digests == (1...5).map { SHA256.digest(Array("day \($0)".utf8)) })
            #expect(Set(records.map(\.state)) == [.delivered])
        }
    }

    @Test("what lies in work/ and belongs to nobody is taken up while the daemon runs, and that is said")
    func stranded() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root, adjust: { $0.workLook = 0.3 })
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await scene.drop([1], "first.txt", "strategy-meeting")
            #expect(try await eventually { scene.names("sent").contains("first.txt") })
            let folder = "\(scene.stockton.root)/\(Self.work)/7"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("stranded".utf8).write(to: URL(filePath: "\(folder)/left.txt"))
            #expect(try await eventually { scene.names("sent").contains("left.txt") })
            running.cancel()
            try await running.value
            #expect(try await scene.records.count == 2)
        }
    }

    @Test("a signed file that a power cut left empty is held, and never sent as something new", arguments: [0, 3])
    func cutShort(_ size: Int) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            scene.courier.script { _ in .tryLater(Self.away) }
            try await scene.run(Array("whole".utf8), until: scene.state(.dispatching))
            let file = "\(scene.stockton.root)/\(Self.work)/1/minutes.pdf"
            try Data("whole".utf8.prefix(size)).write(to: URL(filePath: file))
            scene.courier.script(nil)
            try await scene.runUntil { scene.names("held").count == 2 && scene.names("work").isEmpty }
            #expect(try await scene.records.map(\.state) == [.withdrawn])
            #expect(scene.names("inbox", of: scene.police).isEmpty)
        }
    }

    @Test("a damaged copy of what the partner has signed for is delivered, and its note says that the copy is damaged")
    func damagedButThere() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            // It arrives, and its receipt does not come back.
            let courier = scene.courier
            scene.courier.script { parcel in
                _ = try await courier.carryHonestly(parcel)
                return .tryLater(Self.away)
            }
            try await scene.run(Array("whole".utf8)) {
                try await scene.police.ledger.list(LedgerFilter(), after: nil, limit: 1).first?.state == .delivered
            }
            try Data().write(to: URL(filePath: "\(scene.stockton.root)/\(Self.work)/1/minutes.pdf"))
            scene.courier.script(nil)
            try await scene.runUntil { scene.names("sent").count == 3 && scene.names("work").isEmpty }
            #expect(try await scene.records.map(\.state) == [.delivered])
            let day = try #require(scene.days("sent").first)
            let note = try #require(text("\(day)/minutes.pdf.receipt.txt", scene.stockton))
            #expect(note.contains("damaged after it was signed"))
        }
    }

    @Test("a sent/ that takes nothing delays the move, is said, and holds up no other file of that name")
    func sentIsShut() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let shut = "\(scene.stockton.root)/sent/cleveland-police"
            try FileManager.default.createDirectory(
                atPath: "\(scene.stockton.root)/sent", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: shut))
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await scene.drop([1], "minutes.pdf", "strategy-meeting")
            #expect(try await eventually { scene.agency.alarms.current["sent"] != nil })
            try FileManager.default.removeItem(atPath: shut)
            #expect(try await eventually { scene.names("sent").count == 3 && scene.names("work").isEmpty })
            #expect(try await eventually { scene.agency.alarms.current["sent"] == nil })
            running.cancel()
            try await running.value
        }
    }

    @Test("a label that cannot be read strands nothing: its file is held, and those after it go")
    func badLabel() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let folder = "\(scene.stockton.root)/\(Self.work)/1"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("a".utf8).write(to: URL(filePath: "\(folder)/a.txt"))
            try Data(count: 100_000).write(to: URL(filePath: "\(folder)/a.txt.label.yaml"))
            try Data("b".utf8).write(to: URL(filePath: "\(folder)/b.txt"))
            try await scene.runUntil {
                scene.names("held").contains("a.txt.why.txt") && scene.names("sent").contains("b.txt")
            }
        }
    }

    @Test("an urgent file that cannot be signed just now is an alarm with whom to ring, until it goes")
    func urgentUnsigned() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            await scene.stockton.ledger.fail(with: .full("no space"))
            try await scene.drop([1], "now.txt", "urgent")
            let urgent: @Sendable () -> String? = {
                scene.agency.alarms.current.first { $0.key.hasPrefix("urgent/cleveland-police/") }?.value
            }
            try await scene.runUntil { urgent()?.contains("Telephone them now") == true }
            await scene.stockton.ledger.fail(with: nil)
            try await scene.runUntil { scene.names("sent").contains("now.txt") }
        }
    }

    @Test("an empty file is held with its reason; an urgent one goes")
    func empty() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            try await scene.drop([], "now.txt", "urgent")
            try await scene.run([], name: "empty.txt") {
                scene.names("held").count == 2 && scene.names("sent").contains("now.txt")
            }
            let held = try await scene.records.first { $0.name == "empty.txt" }
            #expect(held?.state == .held && held?.why?.contains("0 bytes") == true)
        }
    }
}
