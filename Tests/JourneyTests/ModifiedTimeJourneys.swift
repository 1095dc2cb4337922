import Foundation
import Testing

/// How old a file is travels with it.
@Suite("When a file was last modified", .timeLimit(.minutes(10)))
struct ModifiedTimeJourneys {
    private static let moment = Date(timeIntervalSince1970: 1_700_000_000)
    private static let told = "2023-11-14T22:13:20.000Z"

    private func modified(_ path: String) throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }

    /// As `touch -d @1700000000` before the drop does.
    private func drop(_ name: String, _ scene: Scene) async throws {
        try await scene.sender.awaitOutbox(scene.recipient)
        let aside = "\(scene.sender.folder)/desk/\(name)"
        try Data(name.utf8).write(to: URL(fileURLWithPath: aside))
        try FileManager.default.setAttributes([.modificationDate: Self.moment], ofItemAtPath: aside)
        try FileManager.default.moveItem(
            atPath: aside, toPath: "\(scene.sender.outbox(scene.recipient))/\(name)")
    }

    @Test(
        "the inbox file bears it, the waybill, the side-car, both ledgers and the proof say it, and the proof verifies")
    func travels() async throws {
        try await Scene.pair { scene in
            try await drop("evidence.txt", scene)
            try await scene.requireDelivered(["evidence.txt": Data("evidence.txt".utf8)])
            try require(
                try modified("\(scene.recipient.inbox(scene.sender))/evidence.txt") == Self.moment,
                "the inbox file bears another time")
            let row = try #require(try await scene.recipient.ledger().first)
            let sideCar = try Files.bytes("\(scene.recipient.folder)/inbox/\(scene.sender.id)/.waybills/\(row.id).json")
            try require(String(decoding: sideCar, as: UTF8.self).contains(Self.told), "the side-car does not say it")
            for agency in scene.agencies {
                let shown = try await agency.asked("ledger", "show", row.id)
                try require(shown.contains("modified") && shown.contains("2023-11-14 22:13:20"), "not shown: \(shown)")
                let history = try await agency.asked("ledger", "show", "--json", row.id)
                try require(
                    history.contains("waybill/v2") && history.contains(Self.told), "the waybill does not say it")
            }
            let proof = "\(scene.sender.folder)/desk/proof"
            _ = try await scene.sender.asked("prove", row.id, "--out", proof)
            for file in ["README.txt", "record.html"] {
                let text = String(decoding: try Files.bytes("\(proof)/\(file)"), as: UTF8.self)
                try require(text.contains(Self.told), "\(file) does not say it")
            }
            let pins = scene.agencies.flatMap { ["--identity", $0.fingerprint] }
            _ = try await scene.sender.asked(["verify", proof] + pins)
            let checked = try await Command.tool(
                "sh", ["\(Binary.sources)Documentation/verify.sh", proof] + scene.agencies.map(\.fingerprint))
            try require(
                checked.code == 0 && checked.out.contains("modified \(Self.told)"), "verify.sh says \(checked)")
        }
    }

    @Test("by hand too: sealed into a file and opened elsewhere it bears the same time")
    func byHand() async throws {
        try await Scene.pair(isStarted: false) { scene in
            // Only the sender runs, so that the file waits for a road.
            try await scene.sender.start()
            try await drop("evidence.txt", scene)
            try await Wait.until("the file is signed") {
                try await scene.sender.ledger("--direction", "sent").contains { $0.state == "dispatching" }
            }
            let id = try #require(try await scene.sender.ledger("--direction", "sent").first?.id)
            let stick = "\(scene.scratch.path)/evidence.consignment"
            _ = try await scene.sender.asked("seal", id, "--out", stick)
            _ = try await scene.recipient.asked("open", stick)
            try require(
                try modified("\(scene.recipient.inbox(scene.sender))/evidence.txt") == Self.moment,
                "the opened file bears another time")
        }
    }
}
