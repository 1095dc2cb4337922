import Folders
import Glibc
import Testing

/// Programs write in many ways, and pause as a scanner does between two pages. Real files, hints and leases; the clock is
/// ours, so that pauses cost no time.
@Suite("Slow writing", .timeLimit(.minutes(5)))
struct SlowWritingTests {
    /// A way to write a file in steps, between which 4 s pass; what it is called in the end, and what it holds then.
    struct Way: Sendable, CustomTestStringConvertible {
        let name: String
        var steps = 4
        let final = "scan_0001.pdf"
        let step: @Sendable (Folder, String, Int) throws -> Void

        var testDescription: String { name }
    }

    static let name = "scan_0001.pdf"
    static let page = String(repeating: "page", count: 25)

    private static func open(_ folder: Folder, _ name: String = name) throws -> FileHandle {
        let file = try FileName.of(name)
        if try folder.lookup(file) == nil { return try FileHandle(file, in: folder, .create(mode: 0o644)) }
        return try FileHandle(file, in: folder, .readWrite)
    }

    private static func append(_ folder: Folder, _ name: String = name) throws {
        let file = try open(folder, name)
        try file.write(Array(page.utf8), at: file.facts().size)
    }

    static let ways: [Way] = [
        Way(name: "append and close") { folder, _, _ in try append(folder) },
        Way(name: "append, two writers in turn") { folder, _, _ in
            try append(folder)
            let other = try FileHandle(.of(name), in: folder, .readWrite)
            try other.write([0x70], at: 0)
        },
        Way(name: "full size at once, filled page by page") { folder, _, i in
            let file = try open(folder)
            if i == 0 { try file.truncate(to: 400) }
            try file.write(Array(page.utf8), at: Int64(i) * 100)
        },
        Way(name: "reserved, then filled") { folder, _, i in
            let file = try open(folder)
            if i == 0 { try file.reserve(400) }
            try file.write(Array(page.utf8), at: Int64(i) * 100)
        },
        Way(name: "the time of writing set back each time") { folder, path, i in
            let file = try open(folder)
            if i == 0 { try file.truncate(to: 400) }
            try file.write(Array(page.utf8), at: Int64(i) * 100)
            var times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0)]
            #expect(unsafe utimensat(AT_FDCWD, path + "/" + name, &times, 0) == 0)
        },
        Way(name: "written whole, then emptied and written again") { folder, _, i in
            let file = try open(folder)
            try file.truncate(to: 0)
            try file.write(Array(String(repeating: page, count: i + 1).utf8), at: 0)
        },
        Way(name: "made empty long before") { folder, _, i in
            if i == 0 {
                _ = try open(folder)
            } else if i == 3 {
                for _ in 0..<4 { try append(folder) }
            }
        },
        Way(name: "renamed inside the folder half way") { folder, _, i in
            if i == 1 { try folder.rename(.of("New Document.pdf"), to: folder, as: .of(name), .noReplace) }
            try append(folder, i == 0 ? "New Document.pdf" : name)
        },
        Way(name: "made empty, renamed inside the folder, then filled") { folder, _, i in
            if i == 0 {
                _ = try open(folder, "New Document.pdf")
                try folder.rename(.of("New Document.pdf"), to: folder, as: .of(name), .noReplace)
            } else if i == 3 {
                for _ in 0..<4 { try append(folder) }
            }
        },
        Way(name: "beside a control file") { folder, _, i in
            if i == 0 { try folder.put(name + ".aria2") }
            try append(folder)
            if i == 3 { try folder.remove(.of(name + ".aria2")) }
        },
        Way(name: "under a name that is never taken") { folder, _, i in
            try append(folder, name + ".part")
            if i == 3 { try folder.rename(.of(name + ".part"), to: folder, as: .of(name), .noReplace) }
        },
        Way(name: "linked from a hidden name") { folder, path, i in
            try append(folder, ".aside")
            if i == 2 { try Disk.hardLink(path + "/.aside", at: path + "/" + name) }
            if i == 3 { try folder.remove(.of(".aside")) }
        },
    ]

    @Test("a file is never taken before its last page, and always after it", arguments: ways)
    func written(_ way: Way) async throws {
        let temp = try TestFolder()
        let (route, batch) = (try temp.sub("route"), try temp.sub("batch"))
        var taking = try Taking(route: route, batch: batch)
        for step in 0..<way.steps {
            try way.step(route, temp.path + "/route", step)
            try await taking.hear(step)
            if step < way.steps - 1 {
                try taking.wait(4)
                #expect(try batch.names().isEmpty, "taken after step \(step)")
            }
        }
        try taking.finish()
        #expect(try batch.names() == [way.final])
        #expect(try batch.text(way.final).utf8.count == 400)
    }

    @Test("what is kept open is not taken however long it stands still", .enabled(if: leasesWorkHere))
    func keptOpen() async throws {
        let temp = try TestFolder()
        let (route, batch) = (try temp.sub("route"), try temp.sub("batch"))
        var taking = try Taking(route: route, batch: batch)
        let writer = try FileHandle(.of("a"), in: route, .create(mode: 0o644))
        try writer.write([1], at: 0)
        try taking.wait(60)
        #expect(try batch.names().isEmpty)
        try writer.write([2], at: 1)
        _ = consume writer
        try await taking.hear(0)
        try taking.finish()
        #expect(try batch.text("a").utf8.count == 2)
    }

    @Test("a restart between two pages does not make half a scan whole")
    func restart() async throws {
        let temp = try TestFolder()
        let (route, batch) = (try temp.sub("route"), try temp.sub("batch"))
        for page in 0..<3 {
            try Self.append(route)
            // Each life finds what lies there and hears of nothing.
            var taking = try Taking(route: route, batch: batch)
            try taking.wait(4)
            #expect(try batch.names().isEmpty, "half a scan is whole after page \(page)")
        }
    }

    /// What the daemon does with a route, on a clock of ours.
    private struct Taking {
        let route: Folder
        let batch: Folder
        let watcher: FolderWatcher
        var hints: HintBatches.AsyncIterator
        var scanner: RouteScanner
        var now: Int64 = 0
        let claimer = FileClaimer(leases: true)

        init(route: Folder, batch: Folder) throws {
            (self.route, self.batch) = (route, batch)
            watcher = try FolderWatcher()
            #expect(watcher.watch(route, id: 0) == nil)
            hints = watcher.hints.makeAsyncIterator()
            scanner = RouteScanner(route, settle: 5 * second, sidecars: .optional)
        }

        /// Everything that the kernel has told until now.
        mutating func hear(_ step: Int) async throws {
            let last = try FileName.of(".heard-\(step)")
            try route.put(last)
            while let batch = await hints.next() {
                for hint in batch {
                    guard let name = hint.name else { continue }
                    let sign: Completeness.Sign =
                        switch hint.kind {
                        case .movedIn: .movedIn
                        case .renamedInside: .renamedInside
                        case .closedAfterWriting: .closed
                        default: .seen
                        }
                    try take(scanner.look(at: name, sign, at: now).ready)
                }
                if batch.contains(where: { $0.name == last }) { break }
            }
            try route.remove(last)
        }

        /// Scans each second.
        mutating func wait(_ seconds: Int64) throws {
            for _ in 0..<seconds {
                try take(scanner.scan(at: now).ready)
                now += second
            }
            try take(scanner.scan(at: now).ready)
        }

        /// Until something is taken. Not at once, perhaps: a child that another test starts has our descriptors until it
        /// runs its program.
        mutating func finish() throws {
            for _ in 0..<500 where try batch.names().isEmpty {
                try wait(40)
                usleep(10_000)
            }
        }

        private mutating func take(_ ready: [ReadyDrop]) throws {
            for drop in ready {
                switch try claimer.claim(drop.name, seen: drop.facts.stamp, in: route, into: batch) {
                case .claimed: scanner.forget(drop.name)
                case .stillBeingWritten: scanner.stillWritten(drop.name, at: now)
                case .nameTakenInBatch, .notTaken: break
                }
            }
        }
    }
}
