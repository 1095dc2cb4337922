import Foundation
import Glibc

/// What this machine lets tests do.
enum Machine {
    static let isRoot = geteuid() == 0

    /// Whether daemons can run under an account that must respect permissions.
    static let canBecomeNobody = isRoot && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

    /// Whether small file systems can be mounted.
    static let canMount: Bool = {
        guard isRoot, let scratch = try? Scratch() else { return false }
        defer { scratch.remove() }
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/bin/sh")
        probe.arguments = [
            "-c", "mount -t tmpfs -o size=1m tmpfs '\(scratch.path)' 2>/dev/null && umount '\(scratch.path)'",
        ]
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    static func giveToNobody(_ folder: String) async throws {
        let given = try await Command.tool("chown", ["-R", "nobody:nogroup", folder])
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
