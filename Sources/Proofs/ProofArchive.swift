internal import Foundation
internal import Vocabulary

/// Where a proof goes: a new or empty folder, or a zip file that does not exist yet.
///
/// A zip is packed by bsdtar (libarchive-tools) from a folder beside it, which is gone afterwards. Its names are ours.
package struct ProofArchive: Sendable {
    package let out: String
    private let isZip: Bool
    /// The folder that is written into.
    package let folder: String
    private let place: String

    /// - Parameter out: an absolute path; a zip file if it ends in `.zip`.
    /// Throws `ZipTrouble.exists`, `.noPacker`, and what making a folder throws.
    package init(_ out: String) throws {
        self.out = out
        isZip = out.hasSuffix(".zip")
        place = self.out + ".part"
        folder = isZip ? place + "/proof" : self.out
        guard isZip else { return }
        let manager = FileManager.default
        guard !manager.fileExists(atPath: out), !manager.fileExists(atPath: place) else { throw ZipTrouble.exists(out) }
        try Zip.requirePacker()
        try manager.createDirectory(
            atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    /// Packs, and removes the folder that was packed.
    package func close() throws {
        guard isZip else { return }
        defer { discard() }
        let archive = place + "/zip"
        try Zip.pack(folder: place, "proof", into: archive)
        try FileManager.default.moveItem(atPath: archive, toPath: out)
    }

    /// After a failure: what was half written is removed if it was our own folder.
    package func discard() { if isZip { try? FileManager.default.removeItem(atPath: place) } }
}

/// Zip files of proofs, packed and unpacked by bsdtar.
package enum Zip {
    package static let program = "/usr/bin/bsdtar"
    /// Files, and bytes of all together as the archive tells them.
    private static let (mostFiles, mostBytes) = (200_000, Int64(1) << 30)

    static func requirePacker() throws {
        guard FileManager.default.isExecutableFile(atPath: program) else { throw ZipTrouble.noPacker }
    }

    static func pack(folder: String, _ name: String, into archive: String) throws {
        try run([program, "--format", "zip", "-cf", archive, "-C", folder, name], .written)
    }

    /// Unpacks into a new folder and returns the folder of the proof. A stranger made the archive: what it says that it
    /// holds is looked at first, no file may pass 64 MiB, and bsdtar follows no link and no path out of the folder.
    /// Throws `ZipTrouble` but `.exists`.
    package static func unpack(_ archive: String, into folder: String) throws -> String {
        try requirePacker()
        try look(archive, folder)
        // Blocks of 512 bytes, and seconds of computing.
        let limits = "ulimit -f 131072 && ulimit -t 120 && exec \"$@\""
        try run(
            ["/bin/sh", "-c", limits, "sh", program, "-xf", archive, "-C", folder, "--no-same-owner", "-m"],
            .unpacked)
        let inner = try FileManager.default.contentsOfDirectory(atPath: folder)
        return inner.count == 1 ? "\(folder)/\(inner[0])" : folder
    }

    /// How many files there are and how large they say they are.
    private static func look(_ archive: String, _ folder: String) throws {
        let list = folder + ".list"
        defer { try? FileManager.default.removeItem(atPath: list) }
        let limits = "ulimit -f 131072 && ulimit -t 60 && out=$1 && shift && exec \"$@\" > \"$out\""
        try run(["/bin/sh", "-c", limits, "sh", list, program, "-tvf", archive], .read)
        let lines = (FileManager.default.contents(atPath: list) ?? Data()).split(separator: 0x0a)
        let sizes = lines.map { line in
            Int64(String(decoding: line.split(separator: 0x20).dropFirst(4).first ?? Data(), as: UTF8.self)) ?? .max / 2
        }
        var total: Int64 = 0
        for size in sizes where total <= mostBytes { total += min(max(size, 0), mostBytes + 1) }
        guard lines.count <= mostFiles, total <= mostBytes else { throw ZipTrouble.tooLarge }
    }

    private static func run(_ command: [String], _ deed: ZipTrouble.Deed) throws {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw ZipTrouble.notStarted(deed, command[0]) }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ZipTrouble.ended(deed, process.terminationStatus) }
    }
}

/// Why a zip file of proofs could not be packed or unpacked.
package enum ZipTrouble: Error, Hashable, Sendable {
    /// What was to be done with the file.
    package enum Deed: String, Hashable, Sendable { case written, read, unpacked }

    /// It, or its `.part`.
    case exists(String)
    case noPacker
    /// Far more than a set of proofs.
    case tooLarge
    /// The program that did not start.
    case notStarted(Deed, String)
    /// The packer's exit status.
    case ended(Deed, Int32)
}
