import Foundation
import Testing

/// Agencies on this machine that know each other, with daemons running, for the length of one journey.
struct Scene {
    let scratch: Scratch
    let agencies: [Agency]

    var sender: Agency { agencies[0] }
    var recipient: Agency { agencies[1] }

    /// Two agencies. Whatever happens, nothing is left of them; a failure shows the end of both logs.
    static func pair(
        _ ids: [String] = ["hartlepool", "cleveland-police"], settings: [String: String] = [:],
        isStarted: Bool = true, _ body: (Scene) async throws -> Void
    ) async throws {
        await Turns.journeys.enter()
        let scratch: Scratch
        do { scratch = try Scratch() } catch {
            await Turns.journeys.leave()
            throw error
        }
        var agencies: [Agency] = []
        var failure: (any Error)?
        do {
            for id in ids { agencies.append(try await Agency(id, in: scratch, extra: settings[id] ?? "")) }
            let scene = Scene(scratch: scratch, agencies: agencies)
            try await scene.introduce()
            if isStarted { for agency in agencies { try await agency.start() } }
            try await body(scene)
            for agency in agencies { try await agency.stop() }
        } catch {
            failure = error
        }
        for agency in agencies { try? await agency.kill() }
        let logs = agencies.map(lastLines).joined(separator: "\n")
        scratch.remove()
        await Turns.journeys.leave()
        if let failure { throw JourneyFailed(why: "\(failure)", logs: logs) }
    }

    static func trio(_ body: (Scene) async throws -> Void) async throws {
        try await pair(["hartlepool", "cleveland-police", "tewv"], body)
    }

    /// Everybody takes everybody else's card.
    private func introduce() async throws {
        for agency in agencies {
            for other in agencies where other.id != agency.id { try await agency.add(other) }
        }
    }

    private static func lastLines(_ agency: Agency) -> String {
        (["--- last log lines of \(agency.id)"] + agency.logLines.suffix(40)).joined(separator: "\n")
    }
}

/// Why a journey failed, with what the daemons said.
struct JourneyFailed: Error, CustomStringConvertible {
    let why: String
    let logs: String

    var description: String { "\(why)\n\(logs)" }
}
