import ExchangeTesting
import Foundation
import Testing
import Transport
import TransportFolder
import Vocabulary

/// Whoever may write to a share may lay any number of names there.
@Suite("A crowded share", .timeLimit(.minutes(5)))
struct CrowdedShareTests {
    private let handler = TransportTestHandler()

    @Test("is read a part at a time, with an alarm; what is ours in it is found, and taken in once")
    func parts() async throws {
        var rig = try FolderRig()
        rig.most = 50
        try await rig.onShare { courier in
            let parcels = (0..<5).map { _ in TransportTestParcel(parts: 1, partSize: 1000) }
            let statements: [[UInt8]] = (0..<5).map { [0x30, 1, UInt8($0)] }
            let crowd = try lay(300, rig) + lay(300, rig, below: "statements/")
            for parcel in parcels { _ = try await courier.carry(parcel, from: 1) }
            for statement in statements {
                #expect(await courier.post(statement: statement, about: parcels[0].id) == nil)
            }
            try await rig.collecting(handler) {
                try await eventually { parcels.allSatisfy { rig.has($0.id, "receipt.p7s") } }
                try await eventually { Set(handler.statements) == Set(statements) }
                #expect(alarm(rig) != nil)
                // Some more rounds over all of it: who takes something in again writes its receipt anew.
                let written = try parcels.map { try inode(rig.file($0.id, "receipt.p7s")) }
                try await Task.sleep(for: .seconds(2))
                #expect(handler.arrivals.count == 5 && handler.statements.count == 5, "taken in more than once")
                #expect(try parcels.map { try inode(rig.file($0.id, "receipt.p7s")) } == written)
                for name in crowd { try FileManager.default.removeItem(at: rig.outgoing.appending(path: name)) }
                try await eventually { alarm(rig) == nil }
            }
        }
    }

    @Test("a folder of as many names as are read at a look is whole")
    func justFull() async throws {
        var rig = try FolderRig()
        rig.most = 50
        try await rig.onShare { _ in
            // Beside the folder of statements.
            _ = try lay(49, rig)
            try await rig.collecting(handler) {
                try await Task.sleep(for: .milliseconds(500))
                #expect(alarm(rig) == nil)
            }
        }
    }

    private func alarm(_ rig: FolderRig) -> String? {
        rig.alarms.withLock { $0["share-names/cleveland-police"] }
    }

    private func inode(_ file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int
    }

    private func lay(_ count: Int, _ rig: FolderRig, below folder: String = "") throws -> [String] {
        let names = (0..<count).map { "\(folder)strange-\($0)" }
        for name in names { try Data().write(to: rig.outgoing.appending(path: name)) }
        return names
    }
}
