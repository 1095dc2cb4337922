import Foundation
import Testing

/// A daemon that should not run says why and leaves with 3.
@Suite("The daemon does not start", .timeLimit(.minutes(10)))
struct BadSettingsJourneys {
    @Test("without settings, and names the file")
    func missing() async throws {
        try await alone { agency in
            try FileManager.default.removeItem(atPath: agency.configuration)
            let said = try await refusal(agency)
            try require(said.contains(agency.configuration), "the file is not named: \(said)")
            try require(said.contains("waybill init"), "no remedy is told: \(said)")
        }
    }

    @Test("with a mistake in the settings, and tells file, line and remedy of each")
    func malformed() async throws {
        try await alone { agency in
            let line = try String(contentsOfFile: agency.configuration, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false
            ).count
            try agency.addSettings("setle: 2s\nconcurrency: many")
            let said = try await refusal(agency)
            try require(said.contains("waybill.yaml:\(line):"), "line \(line) is not named: \(said)")
            try require(said.contains("settle"), "no hint is given: \(said)")
            try require(said.contains("waybill.yaml:\(line + 1):"), "the second mistake is not told: \(said)")
        }
    }

    @Test("a second time on one installation, and the first goes on")
    func second() async throws {
        try await alone { agency in
            try await agency.start()
            let said = try await refusal(agency)
            try require(said.contains("\(agency.daemon?.id ?? 0)"), "the other process is not named: \(said)")
            _ = try await agency.status()
            try await agency.stop()
        }
    }

    @Test(
        "with a private key that others can read", arguments: ["signing.key", "tls.key", "ledger.key", "sealing.key"])
    func openKey(_ key: String) async throws {
        try await alone { agency in
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: "\(agency.folder)/keys/\(key)")
            let said = try await refusal(agency)
            try require(said.contains(key) && said.contains("600"), "key and remedy are not told: \(said)")
        }
    }

    @Test("on a port that another program has")
    func takenPort() async throws {
        try await alone { agency in
            try await agency.start()
            let scratch = try Scratch()
            defer { scratch.remove() }
            let other = try await Agency("tewv", in: scratch, listeningOn: agency.port)
            let said = try await refusal(other)
            try require(said.contains("\(agency.port)"), "the port is not named: \(said)")
            try await agency.stop()
        }
    }

    private func alone(_ body: (Agency) async throws -> Void) async throws {
        try await Scene.pair(["hartlepool"], isStarted: false) { scene in try await body(scene.sender) }
    }

    /// What it says as it leaves with 3.
    private func refusal(_ agency: Agency) async throws -> String {
        let outcome = try await Command.run(
            Binary.path, ["daemon", "--config", agency.configuration])
        try require(outcome.code == 3, "\(outcome)")
        try require(!outcome.err.isEmpty, "it said nothing")
        return outcome.err
    }
}
