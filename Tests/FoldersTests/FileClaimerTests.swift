import Folders
import Glibc
import Testing

@Suite("Claiming a file")
struct FileClaimerTests {
    let temp: TestFolder
    let route: Folder
    let batch: Folder
    let claimer = FileClaimer(leases: true)

    init() throws {
        temp = try TestFolder()
        route = try temp.sub("route")
        batch = try temp.sub("batch")
    }

    private func claim(_ name: String) throws -> ClaimOutcome { try claimer.claim(.of(name), in: route, into: batch) }

    /// Of a file that nobody here writes to: a child that another test starts has every descriptor, the one that wrote it
    /// too, until it runs its program.
    private func claimAtRest(_ name: String, _ claimer: FileClaimer? = nil) throws -> ClaimOutcome {
        while true {
            let outcome = try (claimer ?? self.claimer).claim(.of(name), in: route, into: batch)
            guard case .stillBeingWritten = outcome else { return outcome }
            usleep(1000)
        }
    }

    private func problem(_ name: String) throws -> Problem? {
        guard case .notTaken(let problem) = try claimAtRest(name) else { return nil }
        #expect(try route.lookup(.of(name)) != nil || problem == .gone)
        #expect(try batch.entries().isEmpty)
        return problem
    }

    @Test("a file is moved, and its handle reads the very same inode")
    func claimed() throws {
        try route.put("a.pdf", "minutes")
        guard case .claimed(let drop) = try claimAtRest("a.pdf") else { throw TestTrouble("not claimed") }
        #expect(try route.names().isEmpty)
        #expect(try batch.names() == ["a.pdf"])
        #expect(try drop.file.handle.read(100, at: 0) == Array("minutes".utf8))
        #expect(try drop.file.handle.facts() == drop.facts)
        #expect(try batch.lookup(.of("a.pdf")) == drop.facts)
    }

    @Test("the lease is gone after the claim: a writer does not wait", .timeLimit(.minutes(5)))
    func leaseReleased() throws {
        try route.put("a")
        let claimer = FileClaimer(leases: leasesWorkHere)
        guard case .claimed(let drop) = try claimAtRest("a", claimer) else { throw TestTrouble("not claimed") }
        // O_NONBLOCK: against a lease this would fail at once with EWOULDBLOCK.
        _ = try FileHandle(.of("a"), in: batch, .readWrite)
        #expect(drop.writerExcluded == leasesWorkHere)
    }

    @Test(
        "a file that is open for writing stays", .enabled(if: leasesWorkHere, "needs ext4, xfs or btrfs at /var/tmp"),
        .timeLimit(.minutes(5)))
    func stillWritten() throws {
        let writer = try FileHandle(.of("a"), in: route, .create(mode: 0o600))
        try writer.write([1], at: 0)
        guard case .stillBeingWritten = try claim("a") else { throw TestTrouble("taken from its writer") }
        #expect(try route.names() == ["a"])
        #expect(try batch.names().isEmpty)
        _ = consume writer
        // Not at once, perhaps: a child that another test starts has the descriptor until it runs its program.
        while case .stillBeingWritten = try claim("a") { usleep(1000) }
        #expect(try batch.names() == ["a"])
    }

    @Test("where leases are not believed, the open file is taken and says so")
    func withoutLeases() throws {
        let writer = try FileHandle(.of("a"), in: route, .create(mode: 0o600))
        guard case .claimed(let drop) = try FileClaimer(leases: false).claim(.of("a"), in: route, into: batch) else {
            throw TestTrouble("not claimed")
        }
        #expect(!drop.writerExcluded)
        try writer.write([1], at: 0)
        #expect(try drop.file.handle.facts().stamp != drop.facts.stamp, "the change after the claim is noticed")
    }

    @Test("a file that changed since it was looked at stays")
    func changed() throws {
        try route.put("a", "one")
        let seen = try #require(try route.lookup(.of("a")))
        try FileHandle(.of("a"), in: route, .readWrite).write(Array("longer".utf8), at: 0)
        guard case .stillBeingWritten = try claimer.claim(.of("a"), seen: seen.stamp, in: route, into: batch) else {
            throw TestTrouble("taken though changed")
        }
        #expect(try route.names() == ["a"])
    }

    @Test("links, FIFOs, sockets, devices and folders stay where they are", .timeLimit(.minutes(5)))
    func kinds() throws {
        let path = temp.path + "/route/"
        try Disk.symlink(to: "/etc/passwd", at: path + "symlink")
        try Disk.fifo(path + "fifo")
        _ = try route.makeSubfolder(.of("folder"), mode: 0o700)
        close(try Disk.socket(path + "socket"))
        #expect(try problem("symlink") == .symlink)
        #expect(try problem("fifo") == .fifo)
        #expect(try problem("folder") == .folder)
        #expect(try problem("socket") == .socket)
        #expect(try problem("nothing") == .gone)
    }

    @Test("a device stays where it is", .enabled(if: geteuid() == 0, "needs root"))
    func device() throws {
        try Disk.nullDevice(temp.path + "/route/null")
        #expect(try problem("null") == .device)
    }

    @Test("a file with a second name stays until that is gone")
    func hardLinked() throws {
        try route.put("a")
        try Disk.hardLink(temp.path + "/route/a", at: temp.path + "/elsewhere")
        #expect(try problem("a") == .hardLinked)
        try Disk.remove(temp.path + "/elsewhere")
        guard case .claimed = try claimAtRest("a") else { throw TestTrouble("not claimed") }
    }

    @Test("a name that is not UTF-8 stays")
    func notUTF8() throws {
        let name = try #require(FileName(bytes: [0x41, 0xe9]))
        try route.put(name)
        guard case .notTaken(.notUTF8) = try claimer.claim(name, in: route, into: batch) else {
            throw TestTrouble("taken")
        }
        #expect(try route.entries() == [name])
    }

    @Test("a file that may not be read stays; one that is not ours is taken without a lease")
    func otherUser() async {
        // In a child that gives up root if it has it: root may read everything and lease everything.
        await #expect(processExitsWith: .success) {
            let temp = try TestFolder()
            let (route, batch) = (try temp.sub("route"), try temp.sub("batch"))
            try route.put("closed")
            try route.put("foreign")
            try Disk.setMode(temp.path + "/route/foreign", 0o644)
            try Disk.setMode(temp.path + "/route/closed", 0o000)
            let wasRoot = geteuid() == 0
            if wasRoot {
                for path in ["", "/route", "/batch"] { try Disk.setMode(temp.path + path, 0o777) }
                #expect(seteuid(65_534) == 0)
            }
            let claimer = FileClaimer(leases: true)
            guard case .notTaken(.unreadable) = try claimer.claim(.of("closed"), in: route, into: batch) else {
                throw TestTrouble("an unreadable file was taken")
            }
            guard case .claimed(let drop) = try claimer.claim(.of("foreign"), in: route, into: batch) else {
                throw TestTrouble("not claimed")
            }
            if wasRoot {
                #expect(!drop.writerExcluded)
                #expect(seteuid(0) == 0)
            }
        }
    }

    @Test("a second file of one name is not put over the first in the batch")
    func nameTaken() throws {
        try route.put("a", "first")
        guard case .claimed = try claimAtRest("a") else { throw TestTrouble("not claimed") }
        try route.put("a", "second")
        guard case .nameTakenInBatch = try claimAtRest("a") else { throw TestTrouble("taken twice") }
        #expect(try batch.text("a") == "first")
        #expect(try route.text("a") == "second")
    }

    @Test("a missing batch folder is trouble, not a claim")
    func batchGone() throws {
        try route.put("a")
        try Disk.remove(temp.path + "/batch")
        #expect { try claimAtRest("a") } throws: { ($0 as? FileTrouble)?.reason == .missing }
        #expect(try route.text("a") == "content")
    }

    @Test(
        "drops replaced by renames while they are claimed are claimed whole, each at most once", .timeLimit(.minutes(5))
    )
    func replacedMeanwhile() async throws {
        let (route, batch, claimer) = (route, batch, claimer)
        let drops = 400
        async let dropping: Void = Blocking.run {
            for i in 0..<drops {
                try route.put(".new", String(repeating: "\(i);", count: 100))
                try route.rename(.of(".new"), to: route, as: .of("a"), .replace)
            }
        }
        let claimed = try await Blocking.run {
            var texts: [String] = []
            while texts.last != String(repeating: "\(drops - 1);", count: 100) {
                guard case .claimed(let drop) = try claimer.claim(.of("a"), in: route, into: batch) else { continue }
                texts.append(String(decoding: try drop.file.handle.read(4096, at: 0), as: UTF8.self))
                try batch.remove(.of("a"))
            }
            return texts
        }
        try await dropping
        #expect(Set(claimed).count == claimed.count)
        for text in claimed {
            let number = text.prefix { $0 != ";" }
            #expect(text == String(repeating: "\(number);", count: 100))
        }
        #expect(try route.names().isEmpty)
    }
}

extension FileClaimerTests {
    @Test(
        "links put in a file's place at the last moment are never taken, and go back if they were",
        .timeLimit(.minutes(5)))
    func swappedForLink() async throws {
        let (route, batch, claimer, path) = (route, batch, claimer, temp.path)
        let dropping = Task {
            try await Blocking.run {
                for i in 0..<600 {
                    if i.isMultiple(of: 2) {
                        try route.put(".new")
                    } else {
                        try Disk.symlink(to: "x", at: path + "/route/.new")
                    }
                    try route.rename(.of(".new"), to: route, as: .of("a"), .replace)
                }
            }
        }
        let claims = try await Blocking.run {
            var claims = 0
            for _ in 0..<3000 {
                guard case .claimed(let drop) = try claimer.claim(.of("a"), in: route, into: batch) else { continue }
                #expect(drop.facts.kind == .regular)
                #expect(try batch.lookup(.of("a")) == drop.facts)
                try batch.remove(.of("a"))
                claims += 1
            }
            return claims
        }
        try await dropping.value
        #expect(claims <= 300)
        #expect(try batch.names().isEmpty)
        // The last drop was a link. Links that went back while a newer one lay there have a number.
        for name in try route.entries() where name != (try .of("a")) { #expect(name.text?.hasPrefix("a (") == true) }
        #expect(try route.lookup(.of("a"))?.kind == .symlink)
    }
}

/// Whether this machine's temporary folder believes in leases and we own what we make there.
let leasesWorkHere = (try? FileSystemKind.of(TestFolder().folder).leasesWork) ?? false
