internal import Foundation
internal import Premises
internal import Vocabulary

/// Where a proof goes: a new or empty folder, or a zip file that does not exist yet.
///
/// A zip is packed by bsdtar (libarchive-tools) from a folder beside it, which is gone afterwards. Its names are ours.
struct Parcel {
    let out: String
    let isZip: Bool
    /// The folder that is written into.
    let folder: String
    private let place: String

    init(_ out: String) throws {
        self.out = Premises.absolute(out)
        isZip = out.hasSuffix(".zip")
        place = self.out + ".part"
        folder = isZip ? place + "/proof" : self.out
        guard isZip else { return }
        guard !FileSystem.exists(self.out), !FileSystem.exists(place) else {
            throw Trouble(
                "\(Terminal.clean(out)) cannot be written.", why: "It, or its .part, exists; nothing is overwritten.",
                fix: "Name a new file, or remove the old one first.")
        }
        try Archive.requirePacker()
        let manager = FileManager.default
        try manager.createDirectory(
            atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    /// Packs, and removes the folder that was packed.
    func close() throws {
        guard isZip else { return }
        defer { discard() }
        let archive = place + "/zip"
        try Archive.pack(folder: place, "proof", into: archive)
        try FileManager.default.moveItem(atPath: archive, toPath: out)
    }

    /// After a failure: what was half written is removed if it was our own folder.
    func discard() { if isZip { try? FileManager.default.removeItem(atPath: place) } }
}

/// Zip files of proofs, packed and unpacked by bsdtar.
enum Archive {
    private static let program = "/usr/bin/bsdtar"
    /// Files, and bytes of all together as the archive tells them.
    private static let (mostFiles, mostBytes) = (200_000, Int64(1) << 30)

    static func requirePacker() throws {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Trouble(
                "Zip files need bsdtar.", why: "\(program) is not installed.",
                fix: "Install it (apt-get install libarchive-tools), or name a folder.")
        }
    }

    static func pack(folder: String, _ name: String, into archive: String) throws {
        try run([program, "--format", "zip", "-cf", archive, "-C", folder, name], "The zip file cannot be written.")
    }

    /// Unpacks into a new folder and returns the folder of the proof. A stranger made the archive: what it says that it
    /// holds is looked at first, no file may pass 64 MiB, and bsdtar follows no link and no path out of the folder.
    static func unpack(_ archive: String, into folder: String) throws -> String {
        try requirePacker()
        try look(archive, folder)
        // Blocks of 512 bytes, and seconds of computing.
        let limits = "ulimit -f 131072 && ulimit -t 120 && exec \"$@\""
        try run(
            ["/bin/sh", "-c", limits, "sh", program, "-xf", archive, "-C", folder, "--no-same-owner", "-m"],
            "The zip file cannot be unpacked.")
        let inner = try FileManager.default.contentsOfDirectory(atPath: folder)
        return inner.count == 1 ? "\(folder)/\(inner[0])" : folder
    }

    /// How many files there are and how large they say they are.
    private static func look(_ archive: String, _ folder: String) throws {
        let list = folder + ".list"
        defer { try? FileManager.default.removeItem(atPath: list) }
        let limits = "ulimit -f 131072 && ulimit -t 60 && out=$1 && shift && exec \"$@\" > \"$out\""
        try run(
            ["/bin/sh", "-c", limits, "sh", list, program, "-tvf", archive], "The zip file cannot be read.")
        let lines = (FileManager.default.contents(atPath: list) ?? Data()).split(separator: 0x0a)
        let sizes = lines.map { line in
            Int64(String(decoding: line.split(separator: 0x20).dropFirst(4).first ?? Data(), as: UTF8.self)) ?? .max / 2
        }
        var total: Int64 = 0
        for size in sizes where total <= mostBytes { total += min(max(size, 0), mostBytes + 1) }
        guard lines.count <= mostFiles, total <= mostBytes else {
            throw Trouble(
                "The zip file is not unpacked.", why: "It holds far more than a set of proofs.",
                fix: "Unpack it by hand where there is room, and name the folder.")
        }
    }

    private static func run(_ command: [String], _ what: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch {
            throw Trouble(what, why: "\(command[0]) does not start.", fix: "apt-get install libarchive-tools")
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Trouble(
                what, why: "bsdtar ended with \(process.terminationStatus).",
                fix: "Check the file, its permissions and free space.")
        }
    }
}
