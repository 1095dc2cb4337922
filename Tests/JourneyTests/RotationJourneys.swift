import Foundation
import Testing

/// Keys change while files flow, at both ends, and nobody who drops or takes a file notices.
@Suite("Keys through time", .timeLimit(.minutes(10)))
struct RotationJourneys {
    static let roles = ["signing", "sealing", "tls", "ledger"]

    @Test("every role is rotated and then retired on both sides while 1,000 files flow: none is lost, none is refused")
    func everyRole() async throws {
        try await Scene.pair { scene in
            let before = try await Self.deliver("before.txt", scene)
            let files = Dictionary(
                uniqueKeysWithValues: (1...1000).map { ("note-\($0).txt", Data("note \($0)".utf8)) })
            // Files are dropped without waiting for any: each command works while they flow.
            var rest = Array(files)[...]
            for role in Self.roles {
                for agency in scene.agencies {
                    try await Self.drop(&rest, 70, scene)
                    try await agency.rotate(role)
                }
            }
            // What a retired key signed counts only if it was seen before, with a key that is not retired.
            try await scene.sender.awaitCountersigned(by: scene.recipient)
            try await scene.recipient.awaitCountersigned(by: scene.sender)
            try await Task.sleep(for: .seconds(1))
            for role in Self.roles {
                for agency in scene.agencies {
                    try await Self.drop(&rest, 50, scene)
                    try await agency.retireOldest(role)
                }
            }
            try await Self.drop(&rest, rest.count, scene)
            let after = try await Self.deliver("after.txt", scene)
            let all = files.merging([
                "before.txt": Data("before.txt".utf8), "after.txt": Data("after.txt".utf8),
            ]) { $1 }
            try await scene.awaitDelivery(of: Array(all.keys), within: 300)
            try await scene.requireDelivered(all)
            for agency in scene.agencies {
                let held = Files.below("\(agency.folder)/held")
                try require(held.isEmpty, "\(agency.id) holds \(held)")
                try await agency.requireRetired()
                for id in [before, after] { try await agency.requireProof(of: id, in: scene.scratch) }
            }
        }
    }

    private static func deliver(_ name: String, _ scene: Scene) async throws -> String {
        try await scene.sender.drop(name, Data(name.utf8), for: scene.recipient)
        try await scene.awaitDelivery(of: [name])
        return try #require(try await scene.sender.ledger("--name", name).first?.id)
    }

    private static func drop(
        _ rest: inout ArraySlice<(key: String, value: Data)>, _ count: Int, _ scene: Scene
    ) async throws {
        for (name, bytes) in rest.prefix(count) { try await scene.sender.drop(name, bytes, for: scene.recipient) }
        rest = rest.dropFirst(count)
    }

    @Test("a partner that was away takes the new card when it is back, and what waited for it goes")
    func away() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            for role in Self.roles { try await scene.sender.rotate(role) }
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.recipient.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            try await scene.recipient.awaitCard(of: scene.sender, serial: 5)
        }
    }

    @Test("with both daemons down keys are rotated by the command alone, with the identity key from elsewhere")
    func offline() async throws {
        try await Scene.pair(isStarted: false) { scene in
            let safe = "\(scene.scratch.path)/safe"
            try FileManager.default.createDirectory(
                atPath: safe, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            try FileManager.default.moveItem(
                atPath: "\(scene.sender.folder)/keys/identity.key", toPath: "\(safe)/identity.key")
            let refused = try await scene.sender.ask("keys", "rotate", "signing")
            try require(refused.code == 3 && refused.err.contains("--identity-key"), "\(refused)")
            for role in Self.roles {
                _ = try await scene.sender.asked("keys", "rotate", role, "--identity-key", "\(safe)/identity.key")
            }
            for agency in scene.agencies { try await agency.start() }
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            try await scene.recipient.awaitCard(of: scene.sender, serial: 5)
        }
    }

    static let crashPoints = [
        // The first start records the card that `init` made.
        "afterKeyPrepared", "afterOwnCardRecorded:2", "afterCertificateWritten", "afterOwnCardReplaced",
        "afterKeyRetired",
    ]

    @Test(
        "a crash in the middle of a rotation leaves a usable agency, and the command repeated finishes it",
        arguments: crashPoints)
    func crash(_ point: String) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.recipient.start()
            try await scene.sender.start(["WAYBILL_CRASH_AT": point])
            // The command finds the daemon gone and may finish the work itself.
            _ = try await scene.sender.ask("keys", "rotate", "sealing")
            try await scene.sender.awaitCrash(at: point)
            try await scene.sender.start()
            try await scene.sender.rotate("sealing")
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.recipient.drop("answer.txt", Data("answer".utf8), for: scene.sender)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            try await scene.requireDelivered(
                ["answer.txt": Data("answer".utf8)], from: scene.recipient, to: scene.sender)
            let check = try await scene.sender.ask("check", "--json")
            try require(!check.out.contains("that is not in keys"), "\(check)")
        }
    }

    @Test(
        "a partner that dies while it takes a new card takes it all the same, and files flow both ways",
        arguments: CrashPlan.of(.keys).filter { $0.side == .recipient })
    func partnerCrash(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.start(plan)
            try await scene.sender.rotate("sealing")
            try await scene.comeBack(plan)
            try await scene.recipient.awaitCard(of: scene.sender, serial: 2)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.recipient.drop("answer.txt", Data("answer".utf8), for: scene.sender)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            try await scene.requireDelivered(
                ["answer.txt": Data("answer".utf8)], from: scene.recipient, to: scene.sender)
        }
    }

    @Test("a card of another identity is not taken, however it comes, and says that a person must look")
    func otherIdentity() async throws {
        try await Scene.pair { scene in
            let other = try await Agency("cleveland-police", in: Scratch(below: scene.scratch, "other"))
            // The same id, address and TLS port would need its keys as well: here only the card is another.
            let card = "\(scene.scratch.path)/other.card"
            _ = try await other.asked("card", "--out", card)
            let refused = try await scene.sender.ask(
                "partner", "add", card, "--fingerprint", other.fingerprint)
            try require(refused.code == 3 && refused.err.contains("another identity"), "\(refused)")
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }
}

/// A line of `waybill keys list --json`.
struct KeyRow: Decodable {
    let role: String
    let file: String
    let fingerprint: String
    let state: String
}

extension Agency {
    func keys(_ role: String) async throws -> [KeyRow] {
        try await asked("keys", "list", "--json").split(separator: "\n")
            .map { try JSONDecoder().decode(KeyRow.self, from: Data($0.utf8)) }.filter { $0.role == role }
    }

    func rotate(_ role: String) async throws {
        let fingerprint = try await asked("keys", "rotate", role).trimmingCharacters(in: .whitespacesAndNewlines)
        let inUse = try await keys(role).first { $0.state == "in use" }
        try require(inUse?.fingerprint == fingerprint, "\(id) does not use the new \(role) key")
    }

    /// Once nothing that it signed is on its way any more.
    func retireOldest(_ role: String) async throws {
        let old = try #require(try await keys(role).last { $0.state == "overlapping" })
        var said = ""
        try await Wait.until("\(id) retired its old \(role) key") {
            let outcome = try await ask("keys", "retire", role, old.fingerprint, "--because", "It was replaced.")
            said = outcome.err
            try require(outcome.code == 0 || said.contains("still on their way"), "\(outcome)")
            return outcome.code == 0
        }
    }

    func requireRetired() async throws {
        for role in RotationJourneys.roles {
            let rows = try await keys(role)
            try require(rows.count { $0.state == "in use" } == 1, "\(id): \(rows)")
            try require(rows.contains { $0.state.hasPrefix("retired") }, "\(id): \(rows)")
            let private_ = rows.filter { $0.state.hasPrefix("retired") }
                .filter { FileManager.default.fileExists(atPath: "\(folder)/keys/\($0.file).key") }
            try require(private_.isEmpty == (role != "sealing"), "\(id) keeps \(private_.map(\.file))")
        }
    }

    func awaitCard(of partner: Agency, serial: Int) async throws {
        try await Wait.until("\(id) has card \(serial) of \(partner.id)") {
            try await asked("partner", "show", partner.id, "--json").contains("\"serial\":\(serial)")
        }
    }

    func requireProof(of consignment: String, in scratch: Scratch) async throws {
        let out = "\(scratch.path)/proof-\(id)-\(consignment.suffix(6))"
        _ = try await asked("prove", consignment, "--out", out)
        let verified = try await Command.tool("sh", ["\(out)/verify.sh", out])
        try require(verified.code == 0, "\(verified)")
    }
}
