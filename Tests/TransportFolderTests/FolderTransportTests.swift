import ExchangeTesting
import Foundation
import Testing
import Transport
import TransportFolder
import Vocabulary

@Suite("Folder transport", .timeLimit(.minutes(5)))
struct FolderTransportTests {
    private let rig: FolderRig
    private let handler = TransportTestHandler()

    init() throws { rig = try FolderRig() }

    @Test("a folder conforms", arguments: TransportCase.allCases)
    func conforms(_ testCase: TransportCase) async throws {
        guard TransportConformance<FolderRig>.applies(testCase, to: rig) else { return }
        try await TransportConformance(rig).check(testCase)
    }

    @Test("what lies on the share is the wire's bytes, and nothing half-written has the name")
    func bytes() async throws {
        try await rig.onShare { courier in
            let parcel = TransportTestParcel(parts: 2)
            _ = try await courier.carry(parcel, from: 2)
            #expect(Array(try Data(contentsOf: rig.file(parcel.id, "consignment"))) == parcel.wire(from: 1))
            let broken = TransportTestParcel(parts: 3, breaksAt: 2)
            await #expect(throws: TransportTestParcel.Changed.self) { try await courier.carry(broken, from: 1) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: rig.outgoing.path).count == 2)
        }
    }

    @Test("what is cancelled before its folder is synced has no name there, and is laid anew")
    func cancelled() async throws {
        try await rig.onShare { courier in
            let sound = TransportTestParcel(parts: 1)
            let ends = await Task { await courier.carry([Outgoing(sound), Outgoing(CancellingParcel())]) }.value
            guard case .answered(.tryLater) = ends[0] else { throw NeverHappened() }
            #expect(!rig.has(sound.id, "consignment"))
            guard case .unknown = await courier.enquire(sound.id) else { throw NeverHappened() }
            guard case .carried = try await courier.carry(sound, from: 1) else { throw NeverHappened() }
        }
    }

    /// Whoever carries it is cancelled meanwhile.
    private struct CancellingParcel: Parcel {
        let id = ConsignmentID.make(at: Instant(seconds: 1_790_000_000))
        let partCount = 1
        let size: Int64 = 10

        func message(_ index: Int) async throws -> ArraySlice<UInt8> {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return [0x30, 0]
        }
    }

    @Test("until somebody takes it in a consignment is on the road")
    func onTheRoad() async throws {
        try await rig.onShare { courier in
            let parcel = TransportTestParcel(parts: 1)
            guard case .carried = try await courier.carry(parcel, from: 1) else { throw NeverHappened() }
            guard case .onTheRoad = await courier.enquire(parcel.id) else { throw NeverHappened() }
        }
    }

    @Test("what is small is taken in while a large one is under way: it may be urgent, and its label is sealed")
    func besideLarge() async throws {
        try await rig.around(handler) { courier in
            handler.manner = .slow(.milliseconds(500))
            let (large, small) = (TransportTestParcel(parts: 64), TransportTestParcel(parts: 1, partSize: 1000))
            _ = try await courier.carry(large, from: 1)
            try await eventually { handler.bytesSeen > 0 }
            _ = try await courier.carry(small, from: 1)
            try await eventually { rig.has(small.id, "receipt.p7s") }
            #expect(!rig.has(large.id, "receipt.p7s"))
        }
    }

    @Test("the collector leaves the consignment; the settled sender tidies it and the receipt away")
    func tidying() async throws {
        try await rig.around(handler) { courier in
            let parcel = TransportTestParcel(parts: 1)
            _ = try await courier.carry(parcel, from: 1)
            try await eventually { rig.has(parcel.id, "receipt.p7s") }
            #expect(rig.has(parcel.id, "consignment"))
            await courier.settled(parcel.id)
            #expect(try FileManager.default.contentsOfDirectory(atPath: rig.outgoing.path) == ["statements"])
        }
    }

    @Test("without the share, or on an empty mount point, everything is tried later")
    func unmounted() async throws {
        for isEmptyMountPoint in [false, true] {
            let rig = try FolderRig()
            if isEmptyMountPoint {
                try FileManager.default.createDirectory(at: rig.share, withIntermediateDirectories: true)
            }
            defer { try? FileManager.default.removeItem(at: rig.share) }
            let courier = FolderCourier(rig.police)
            let parcel = TransportTestParcel(parts: 1)
            guard case .tryLater(let later) = try await courier.carry(parcel, from: 1) else { throw NeverHappened() }
            #expect(later.reason == .unreachable)
            #expect(await courier.post(statement: [1], about: nil)?.reason == .unreachable)
            let error = await #expect(throws: TryLater.self) { try await courier.fetchCard() }
            #expect(error?.reason == .unreachable)
        }
    }

    @Test("a share that is mounted later is taken up")
    func mountedLater() async throws {
        try await rig.collecting(handler) {
            try await Task.sleep(for: .milliseconds(100))
            try await rig.onShare { courier in
                _ = try await courier.carry(TransportTestParcel(parts: 1), from: 1)
                try await eventually { handler.arrivals.count == 1 }
            }
        }
    }

    @Test("symbolic links, pipes, folders and foreign names are left alone")
    func strangeThings() async throws {
        try await rig.onShare { courier in
            let files = FileManager.default
            let target = rig.share.appending(path: "secret")
            try Data("secret".utf8).write(to: target)
            let ids = (0..<3).map { _ in TransportTestParcel(parts: 0).id }
            try files.createSymbolicLink(at: rig.file(ids[0], "consignment"), withDestinationURL: target)
            try files.createDirectory(at: rig.file(ids[1], "consignment"), withIntermediateDirectories: false)
            let piped = unsafe mkfifo(rig.file(ids[2], "consignment").path, 0o644)
            #expect(piped == 0)
            for name in ["x.consignment", "\(ids[0]).consignment.exe", String(repeating: "n", count: 250), "\u{1b}[2J"]
            {
                try Data("x".utf8).write(to: rig.outgoing.appending(path: name))
            }
            try await rig.collecting(handler) {
                let good = TransportTestParcel(parts: 0)
                _ = try await courier.carry(good, from: 1)
                try await eventually { rig.has(good.id, "receipt.p7s") }
                try await Task.sleep(for: .milliseconds(200))
                #expect(handler.arrivals.map(\.id) == [good.id])
                #expect(handler.cutShort.isEmpty)
            }
        }
    }

    @Test("a statement is handed over once and tidied away after it was taken")
    func statements() async throws {
        try await rig.around(handler) { courier in
            let id = TransportTestParcel(parts: 0).id
            let folder = rig.outgoing.appending(path: "statements").path
            #expect(await courier.post(statement: [0x30, 1, 1], about: id) == nil)
            let names = {
                ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.first != "." }
            }
            try await eventually { names().contains { $0.hasSuffix(".taken") } }
            try await Task.sleep(for: .milliseconds(200))
            #expect(handler.statements.count == 1)
            let other = TransportTestParcel(parts: 0).id
            #expect(await courier.post(statement: [0x30, 1, 2], about: other) == nil)
            try await eventually { handler.statements.count == 2 }
            #expect(names().allSatisfy { $0.hasPrefix("\(other).") })
        }
    }

    @Test(
        "one strange thing among the statements is put off with an alarm, and holds up no other",
        arguments: ["folder", "pipe", "link", "large", "circle"])
    func strangeStatement(_ kind: String) async throws {
        try await rig.around(handler) { courier in
            let folder = rig.outgoing.appending(path: "statements").path
            #expect(await courier.post(statement: [0x30, 1, 0], about: TransportTestParcel(parts: 0).id) == nil)
            // Before every id.
            let strange = "\(folder)/0.p7s"
            switch kind {
            case "folder": try FileManager.default.createDirectory(atPath: strange, withIntermediateDirectories: false)
            case "pipe": #expect(unsafe mkfifo(strange, 0o644) == 0)
            case "link": #expect(unsafe symlink("/etc/passwd", strange) == 0)
            case "large": try Data(count: 300 << 10).write(to: URL(filePath: strange))
            default: #expect(unsafe symlink(strange, strange) == 0)
            }
            try await eventually { rig.alarms.withLock { $0["share/cleveland-police"] } != nil }
            #expect(await courier.post(statement: [0x30, 1, 1], about: TransportTestParcel(parts: 0).id) == nil)
            try await eventually { handler.statements.count == 2 }
            try FileManager.default.removeItem(atPath: strange)
            try await eventually { rig.alarms.withLock { $0["share/cleveland-police"] } == nil }
        }
    }

    @Test("our card takes the place of the former one on the share, and the partner's handler is shown each once")
    func cards() async throws {
        try await rig.around(handler) { courier in
            let folder = rig.outgoing.appending(path: "statements").path
            for card: [UInt8] in [[0x30, 1, 1], [0x30, 1, 2]] {
                #expect(await courier.post(statement: card, about: nil) == nil)
                try await eventually { handler.statements.last == card }
            }
            try await Task.sleep(for: .milliseconds(200))
            #expect(handler.statements.count == 2)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test("a lost receipt is laid again, the same bytes, delivered once")
    func lostReceipt() async throws {
        try await rig.around(handler) { courier in
            let parcel = TransportTestParcel(parts: 1)
            _ = try await courier.carry(parcel, from: 1)
            try await eventually { rig.has(parcel.id, "receipt.p7s") }
            try FileManager.default.removeItem(at: rig.file(parcel.id, "receipt.p7s"))
            try await eventually { rig.has(parcel.id, "receipt.p7s") }
            #expect(handler.arrivals.count == 1)
        }
    }
}
