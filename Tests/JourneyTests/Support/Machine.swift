import Foundation
import Glibc

/// What this machine lets tests do.
enum Machine {
    static let isRoot = geteuid() == 0

    /// A folder on a file system where read leases are believed, if there is one: /tmp may be in memory.
    static let disk: String = {
        ["/tmp", "/var/tmp"].first { shell("stat -f -c %T '\($0)' | grep -qE '^(ext|xfs|btrfs)'") } ?? "/tmp"
    }()

    /// Becomes an account that has no rights beyond those of its files; a program and its arguments go behind it.
    static let becomingNobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    /// The program under test as that account can start it: where a home folder shuts everybody else out of the build
    /// folder, a copy of it. Nil where that account cannot run it at all.
    static let nobodysBinary: String? = {
        guard isRoot else { return nil }
        if shell("\(asNobody) '\(Binary.path)' --help > /dev/null") { return Binary.path }
        let copy = "/tmp/waybill-of-nobody-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: "/tmp/waybill-of-nobody-\(getpid())") }
        let made = shell("install -m 0755 '\(Binary.path)' \(copy) && \(asNobody) \(copy) --help > /dev/null")
        return made ? copy : nil
    }()

    private static let asNobody = becomingNobody.joined(separator: " ")

    /// Whether daemons can run under an account that must respect permissions.
    static let canBecomeNobody = nobodysBinary != nil

    /// Whether small file systems can be mounted.
    static let canMount: Bool = inScratch { "mount -t tmpfs -o size=1m tmpfs '\($0)' && umount '\($0)'" }

    /// Whether a folder can be shut even to root.
    static let canFreeze: Bool = inScratch { "chattr +i '\($0)' && chattr -i '\($0)'" }

    private static func inScratch(_ command: (String) -> String) -> Bool {
        guard isRoot, let scratch = try? Scratch() else { return false }
        defer { scratch.remove() }
        return shell(command(scratch.path))
    }

    private static func shell(_ command: String) -> Bool {
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/bin/sh")
        probe.arguments = ["-c", command]
        probe.standardError = FileHandle.nullDevice
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }

    static func giveToNobody(_ folder: String) async throws {
        let given = try await Command.tool("chown", ["-R", "65534:65534", folder])
        try require(given.code == 0, "\(given)")
    }

    /// Mounts what lies at `disk` over a folder, as a disk of its own is mounted.
    static func mount(_ disk: String, over path: String) async throws {
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        let mounted = try await Command.tool("mount", ["--bind", disk, path])
        try require(mounted.code == 0, "\(mounted)")
    }

    /// Takes the mount away though a daemon has it open.
    static func unmount(_ path: String) async throws {
        let gone = try await Command.tool("umount", ["-l", path])
        try require(gone.code == 0, "\(gone)")
    }

    /// A file system of so many MiB at a path while the body runs.
    static func withSmallDisk(
        at path: String, megabytes: Int, _ body: () async throws -> Void
    ) async throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let mounted = try await Command.tool("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
        try require(mounted.code == 0, "\(mounted)")
        var failure: (any Error)?
        do { try await body() } catch { failure = error }
        _ = try await Command.tool("umount", ["-l", path])
        if let failure { throw failure }
    }
}
