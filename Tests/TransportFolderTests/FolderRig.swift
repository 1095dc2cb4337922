import ExchangeTesting
import Foundation
import Logging
import Synchronization
import Transport
import TransportFolder
import Vocabulary

/// A share in a temporary folder, between the police and the council.
struct FolderRig: TransportRig {
    let isLive = false
    let share: URL
    let police: FolderRoad
    let council: FolderRoad
    let alarms = Alarms()
    /// Names of a folder that the council reads at a look.
    var most = FolderCollector.mostNames

    final class Alarms: Sendable {
        private let alarms = Mutex<[String: String]>([:])
        func withLock<T>(_ body: (inout sending [String: String]) -> sending T) -> T { alarms.withLock(body) }
    }

    init() throws {
        share = FileManager.default.temporaryDirectory.appending(path: "waybill-share-\(UUID().uuidString)")
        let (sender, recipient) = try (AgencyID("cleveland-police"), AgencyID("tees-council"))
        police = FolderRoad(path: share.path, us: sender, partner: recipient)
        council = FolderRoad(path: share.path, us: recipient, partner: sender)
    }

    var outgoing: URL { share.appending(path: "cleveland-police-to-tees-council") }
    func file(_ id: ConsignmentID, _ suffix: String) -> URL { outgoing.appending(path: "\(id).\(suffix)") }
    func has(_ id: ConsignmentID, _ suffix: String) -> Bool {
        FileManager.default.fileExists(atPath: file(id, suffix).path)
    }

    func around(_ handler: TransportTestHandler, _ body: (any Courier) async throws -> Void) async throws {
        try await onShare { courier in
            try await collecting(handler) { try await body(courier) }
        }
    }

    /// Makes the share, and removes it afterwards.
    func onShare(_ body: (FolderCourier) async throws -> Void) async throws {
        try FileManager.default.createDirectory(at: share, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: share) }
        try await police.prepare()
        try await body(FolderCourier(police))
    }

    /// Runs the council's collector while `body` runs.
    func collecting(_ handler: some ArrivalHandler, _ body: () async throws -> Void) async throws {
        let (council, most) = (self.council, self.most)
        let collector = FolderCollector(
            roads: { [council] }, every: .milliseconds(20),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, most: most,
            alarm: { [alarms] name, text in alarms.withLock { $0[name] = text } })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await collector.run(handler: handler) }
            try await body()
            group.cancelAll()
        }
    }
}

struct NeverHappened: Error {}

/// Waits up to 50 s for `condition`.
func eventually(_ condition: () -> Bool) async throws {
    for _ in 0..<5000 {
        if condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw NeverHappened()
}
