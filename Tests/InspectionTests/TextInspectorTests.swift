import Foundation
import Testing
import Vocabulary

@testable import Inspection

@Suite struct TextInspectorTests {
    private let scratch: Scratch
    private let today = CalendarDate(daysSince1970: 20_779)

    init() throws { scratch = try Scratch() }

    private func inspector(_ change: (inout Limits) -> Void = { _ in }, toolbox: Toolbox = machine) -> Inspector {
        var limits = Limits()
        // Beside a thousand other tests a look waits for a thread: its limit is no part of what is shown here.
        limits.time = .seconds(600)
        change(&limits)
        return Inspector(WordTable(Lexicon(version: "test", families: [])), toolbox: toolbox, limits: limits)
    }

    private func inspect(_ bytes: [UInt8], _ name: String, by inspector: Inspector) async throws -> Inspection {
        let path = try scratch.write(bytes)
        let file = try opened(path)
        let result = await inspector.inspect(
            file, size: Int64(bytes.count), mediaType: "", fileExtension: name, today: today)
        #expect(try positions(of: path) == ["0"])
        withExtendedLifetime(file) {}
        return result
    }

    /// Of every descriptor of this process that has the file open.
    private func positions(of path: String) throws -> [String] {
        let files = FileManager.default
        let open = try files.contentsOfDirectory(atPath: "/proc/self/fd").filter { number in
            (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == path
        }
        return try open.compactMap { number in
            let facts = try String(contentsOfFile: "/proc/self/fdinfo/\(number)", encoding: .utf8)
            return facts.split(separator: "\n").first?.split(separator: "\t").last.map(String.init)
        }
    }

    @Test("a number in a file is found, and its place in the file stays where it was")
    func small() async throws {
        let found = try await inspect(Array("NHS number 999 000 0018".utf8), "txt", by: inspector())
        #expect(found.outcome == .checked)
        #expect(found.finds.map(\.kind) == ["nhs-number"])
        #expect(found.finds.map(\.count) == [1])
    }

    @Test("a PDF is looked into from end to end", .enabled(if: has(.pdf), "needs poppler-utils"))
    func pdf() async throws {
        let found = try await inspect(Fixture.pdf(["NHS number 999 000 0018"]), "pdf", by: inspector())
        #expect(found.outcome == .checked)
        #expect(found.finds.map(\.kind) == ["nhs-number"])
    }

    @Test("halves of a text find what the whole finds", arguments: [0, 1, 7, 1000])
    func halves(_ lines: Int) async throws {
        let text = String(repeating: "NHS number 999 000 0018, Zoë\n", count: lines)
        let whole = try await inspect(Array(text.utf8), "txt", by: inspector())
        let halves = try await inspect(Array(text.utf8), "txt", by: inspector { $0.slice = 1 })
        #expect(whole == halves)
        #expect(whole.finds.map(\.count) == (lines == 0 ? [] : [lines]))
    }

    @Test("a text of one long line is read in halves too")
    func longLine() async throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        #expect(try await inspect(bytes, "txt", by: inspector { $0.slice = 1 }).outcome == .checked)
    }

    @Test("when the time is over the rest is not read")
    func time() async throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: 1 << 20)
        let found = try await inspect(bytes, "txt", by: inspector { $0.time = .zero })
        #expect(found.outcome == .partly("the time limit was reached before the end of the file"))
    }

    @Test("a cancelled look ends at once and says so")
    func cancelled() async throws {
        let slow = Toolbox(programs: [.pdf: try scratch.script("exec sleep 1000")], confinement: machine.confinement)
        let inspector = inspector(toolbox: slow)
        let look = Task { try await inspect(Fixture.pdf(["a"]), "pdf", by: inspector) }
        try await Task.sleep(for: .milliseconds(200))
        look.cancel()
        guard case .notChecked(let why) = try await look.value.outcome else {
            Issue.record("a cancelled look was a whole one")
            return
        }
        #expect(why.hasPrefix("it was stopped before"))
    }

    @Test("two look at once, the third waits its turn", .enabled(if: machine.confinement != nil, "needs util-linux"))
    func turns() async throws {
        let slow = Toolbox(programs: [.pdf: try scratch.script("exec sleep 0.5")], confinement: machine.confinement)
        let inspector = inspector(toolbox: slow)
        let (file, today) = (try opened(try scratch.write(Fixture.pdf(["a"]))), today)
        let clock = ContinuousClock()
        let start = clock.now
        let times = await withTaskGroup(of: Duration.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    _ = await inspector.inspect(file, size: 1, mediaType: "", fileExtension: "pdf", today: today)
                    return clock.now - start
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(times.count == 3)
        #expect((times.max() ?? .zero) - (times.min() ?? .zero) > .milliseconds(400))
    }

    @Test("a video is not read, however large it is")
    func video() async throws {
        let path = scratch.path("video")
        #expect(FileManager.default.createFile(atPath: path, contents: Data([0, 0, 0, 0x18])))
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        defer { try? file.close() }
        try file.truncate(atOffset: 4 << 30)
        let found = await inspector().inspect(
            try opened(path), size: 4 << 30, mediaType: "video/mp4", fileExtension: "mp4", today: today)
        #expect(found.outcome == .notChecked("videos are not read"))
    }
}
