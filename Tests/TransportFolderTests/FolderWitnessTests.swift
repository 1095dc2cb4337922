import ExchangeTesting
import Foundation
import Testing
import Transport
import TransportFolder
import Vocabulary

@Suite("A witness on the road", .timeLimit(.minutes(5)))
struct FolderWitnessTests {
    private let rig: FolderRig
    private let handler = TransportTestHandler()
    private let request = Array("old 0\n\nwaybill/x\n1\nAAAA\n\n— x AAAA\n".utf8)

    init() throws { rig = try FolderRig() }

    private var folder: URL { rig.outgoing.appending(path: "statements") }

    private func names() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.first != "." }.sorted()
    }

    private func names(_ suffix: String) -> [String] { names().filter { $0.hasSuffix(suffix) } }

    private func expectBusy(_ courier: FolderCourier, _ request: [UInt8]) async {
        let error = await #expect(throws: TryLater.self) { try await courier.addCheckpoint(request) }
        #expect(error?.reason == .busy)
    }

    /// Puts a file with this content beside the statements.
    private func put(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    @Test("a question lies once under its digest, and a newer one takes its place")
    func oneQuestion() async throws {
        try await rig.onShare { courier in
            await expectBusy(courier, request)
            await expectBusy(courier, request)
            let first = names()
            #expect(first.count == 1)
            #expect(first.first?.hasSuffix(".witness") == true)
            let laid = try Data(contentsOf: folder.appending(path: first[0]))
            #expect(Array(laid) == request)
            await expectBusy(courier, request + [0x0a])
            #expect(names().count == 1)
            #expect(names() != first)
        }
    }

    @Test("the answer comes back once, and both files are tidied away")
    func tidying() async throws {
        handler.witness = .holds(size: 7)
        try await rig.around(handler) { courier in
            _ = try? await courier.addCheckpoint(request)
            try await eventually { names(".witnessed").count == 1 }
            let kept = try Data(contentsOf: folder.appending(path: names(".witnessed")[0]))
            #expect(kept == Data("409\n7\n".utf8))
            let answer = try await courier.addCheckpoint(request)
            #expect(answer == .holds(size: 7))
            #expect(names().isEmpty)
        }
        #expect(handler.witnessRequests.count == 1)
    }

    @Test("an answer that was lost is given again")
    func lostAnswer() async throws {
        handler.witness = .refused(.unknownKey)
        try await rig.around(handler) { courier in
            _ = try? await courier.addCheckpoint(request)
            try await eventually { names(".witnessed").count == 1 }
            try FileManager.default.removeItem(at: folder.appending(path: names(".witnessed")[0]))
            try await eventually { names(".witnessed").count == 1 }
            #expect(handler.witnessRequests.count == 2)
        }
    }

    @Test(
        "an answer in another spelling is thrown away and asked for again",
        arguments: [
            "", "200", "200\n", "200\nnot a signature\n", "200\n— x AAAA", "200\n— x\u{1b} AAAA\n", "409\n-1\n",
            "409\n07\n",
            "409\n7", "409\n9223372036854775808\n", "404\nno\n", "500\n", "0404\n", "200\r— x AAAA\n",
            "200\n" + String(repeating: "— x AAAA\n", count: 2000),
        ])
    func badAnswer(_ text: String) async throws {
        try await rig.onShare { courier in
            await expectBusy(courier, request)
            let answer = names()[0] + "ed"
            try put(answer, Array(text.utf8))
            await expectBusy(courier, request)
            #expect(names() == [String(answer.dropLast(2))])
        }
    }

    @Test("a link, a folder or an endless file in the place of an answer is not read")
    func strangeAnswer() async throws {
        try await rig.onShare { courier in
            await expectBusy(courier, request)
            let answer = folder.appending(path: names()[0] + "ed")
            let real = rig.share.appending(path: "real")
            try Data("409\n7\n".utf8).write(to: real)
            try FileManager.default.createSymbolicLink(at: answer, withDestinationURL: real)
            await expectBusy(courier, request)
            #expect(FileManager.default.fileExists(atPath: real.path))
            try Data(repeating: 0x30, count: 1 << 20).write(to: answer)
            await expectBusy(courier, request)
            try FileManager.default.createDirectory(at: answer, withIntermediateDirectories: false)
            await expectBusy(courier, request)
        }
    }

    @Test("requests that are not what their name says, and links, are left alone")
    func strangeRequests() async throws {
        handler.witness = .holds(size: 1)
        try await rig.onShare { courier in
            let good = Array("old 1\n".utf8)
            _ = try? await courier.addCheckpoint(good)
            let real = names()[0]
            let hash = { (digit: String) in String(repeating: digit, count: 64) }
            try put(hash("a") + ".witness", request)
            try put(hash("A") + ".witness", request)
            try put("../x.witness".replacingOccurrences(of: "/", with: "\\"), request)
            try put(".witness", request)
            try put(hash("b") + ".witness", [UInt8](repeating: 0x30, count: QuestionBounds.request + 1))
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: hash("c") + ".witness"),
                withDestinationURL: folder.appending(path: real))
            let piped = unsafe mkfifo(folder.appending(path: hash("d") + ".witness").path, 0o644)
            #expect(piped == 0)
            try await rig.collecting(handler) {
                try await eventually { names(".witnessed").count == 1 }
                try await Task.sleep(for: .milliseconds(300))
                #expect(names(".witnessed") == [real + "ed"])
                #expect(handler.witnessRequests.map(\.bytes) == [good])
            }
        }
    }

    @Test("a request that is larger than any is not laid down")
    func tooLarge() async throws {
        try await rig.onShare { courier in
            let large = [UInt8](repeating: 0x30, count: QuestionBounds.request + 1)
            let error = await #expect(throws: TryLater.self) { try await courier.addCheckpoint(large) }
            #expect(error?.reason == .misunderstood)
            #expect(names().isEmpty)
        }
    }

    @Test("without the share a question waits; the other questions have no place on it")
    func unmounted() async throws {
        let courier = FolderCourier(rig.police)
        let away = await #expect(throws: TryLater.self) { try await courier.addCheckpoint(request) }
        #expect(away?.reason == .unreachable)
        await #expect(throws: TryLater.oneWay) { try await courier.witnessedCheckpoint() }
        await #expect(throws: TryLater.oneWay) { try await courier.exchanged(since: Instant(seconds: 0), after: nil) }
    }
}
