import Foundation
import Testing

/// SIGTERM and kill -9 while files flow, at no chosen place.
@Suite("Stopped while files flow", .timeLimit(.minutes(10)))
struct StopJourneys {
    @Test("either end leaves with 0 within 10 seconds, and goes on from there afterwards", arguments: [0, 1])
    func terminated(_ victim: Int) async throws {
        try await Scene.pair { scene in
            let files = try await dropMany(scene)
            let start = ContinuousClock.now
            try await scene.agencies[victim].stop()
            let took = ContinuousClock.now - start
            try require(took < .seconds(12), "it took \(took) to stop")
            try await scene.agencies[victim].start()
            try await scene.requireDelivered(files)
        }
    }

    @Test("both ends are killed again and again, and every file arrives once")
    func killed() async throws {
        try await Scene.pair { scene in
            let files = try await dropMany(scene)
            for round in 0..<6 {
                let victim = scene.agencies[round % 2]
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...250)))
                try await victim.kill()
                try await victim.start()
            }
            try await scene.requireDelivered(files)
        }
    }

    private func dropMany(_ scene: Scene) async throws -> [String: Data] {
        var files = ["large.bin": try Files.random(24 << 20)]
        for number in 1...60 { files["note-\(number).txt"] = try Files.random(number * 100) }
        for (name, bytes) in files { try await scene.sender.drop(name, bytes, for: scene.recipient) }
        return files
    }
}
