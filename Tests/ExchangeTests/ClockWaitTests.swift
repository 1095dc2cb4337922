import Exchange
import Foundation
import Ledger
import Synchronization
import Testing
import Vocabulary

/// Files that policy would hold by the day of a clock that is in doubt.
@Suite(.timeLimit(.minutes(5))) struct ClockWaitTests {
    private typealias Scene = SendingTests.Scene
    private static let day: Int64 = 86_400

    private func watch(_ scene: Scene, knowing moment: Instant) {
        scene.agency.clock.ours.watch(
            ClockJudge(memory: "\(moment) 0", entry: nil, token: nil, others: [], boot: scene.clock.boot))
    }

    private func note(_ suffix: String, below folder: String) -> String? {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return paths.first { $0.hasSuffix(suffix) }
            .flatMap { FileManager.default.contents(atPath: "\(folder)/\($0)") }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "years behind, an agreement is not in force yet: the file waits, its note names the clock, and set right it goes"
    )
    func behind() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            watch(scene, knowing: scene.clock.now)
            scene.clock.set(by: -3 * 365 * Self.day)
            let told = Mutex<String?>(nil)
            try await scene.run([1, 2, 3]) {
                if told.withLock({ $0 == nil }), let text = note(".waiting.txt", below: "\(scene.stockton.root)/sent") {
                    told.withLock { $0 = text }
                    #expect(try await scene.records.isEmpty)
                    scene.clock.set(by: 3 * 365 * Self.day)
                }
                return try await scene.records.first?.state == .delivered && scene.names("work").isEmpty
            }
            let words = try #require(told.withLock { $0 })
            #expect(words.contains("Why: FIRST THE CLOCK: this machine's says"))
            #expect(words.contains("By that day it may not go: "))
            #expect(words.contains("Next try: as soon as this machine's clock is right"))
            #expect(scene.names("held").isEmpty && note(".waiting.txt", below: "\(scene.stockton.root)/sent") == nil)
        }
    }

    @Test("an emergency that only a wrong day would stop does not wait: it goes by the day that is believed")
    func urgent() async throws {
        try await inTemporaryFolder { root in
            // It ended in 2022, and nothing else stops an emergency.
            let scene = try Scene(root, recipient: "tees-valley-ccg")
            scene.clock.set(by: -6 * 365 * Self.day)
            watch(scene, knowing: scene.clock.now)
            #expect(scene.agency.clock.ours.verdict == .sound)
            scene.clock.set(by: 6 * 365 * Self.day)
            try await scene.run([1, 2, 3], route: "urgent") { try await !scene.records.isEmpty }
            let record = try #require(try await scene.records.first)
            #expect(record.isEmergency && record.waybill != nil && scene.names("held").isEmpty)
        }
    }

    @Test(
        "what a clock that may be right holds by either day is held, and the clock is the first thing that its note says"
    )
    func unknown() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            watch(scene, knowing: scene.clock.now.adding(seconds: -2 * Self.day))
            try await scene.drop(
                Array("purpose: nobody-knows-this\n".utf8), "minutes.pdf.label.yaml", "strategy-meeting")
            try await scene.run([1, 2, 3]) { scene.names("held").contains("minutes.pdf") }
            let words = try #require(note(".why.txt", below: "\(scene.stockton.root)/held"))
            #expect(words.contains("1. FIRST THE CLOCK") && words.contains("nobody-knows-this"))
            #expect(try await scene.records.map(\.state) == [.held])
        }
    }
}
