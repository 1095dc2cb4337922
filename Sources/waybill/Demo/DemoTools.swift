internal import Foundation
internal import Premises

/// A folder of programs with `sh`, coreutils and `openssl`, and nothing else: all that an outsider needs.
struct DemoTools {
    let path: String

    private static let names = [
        "sh", "openssl", "base64", "basename", "cat", "chmod", "cp", "cut", "date", "dd", "dirname", "env", "expr",
        "head",
        "ls", "mkdir", "mktemp", "mv", "od", "printf", "rm", "rmdir", "sha256sum", "sort", "stat", "tail", "test",
        "touch",
        "tr", "uniq", "wc",
    ]

    init(in folder: String) throws {
        path = "\(folder)/tools"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in Self.names {
            guard let real = Self.find(name) else {
                if name == "sh" || name == "openssl" { throw Self.missing(name) }
                continue
            }
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: real)
        }
    }

    /// `sh verify.sh` with nothing else in reach.
    func verify(_ proof: String, file: String, _ fingerprints: [String], in folder: String) async throws
        -> DemoCommand.Outcome
    {
        try await DemoCommand(URL(filePath: "\(path)/sh"), environment: ["PATH": path])
            .run(["\(proof)/verify.sh", proof, "--file", file] + fingerprints, in: folder)
    }

    private static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/bin", "/bin"]
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func missing(_ name: String) -> Trouble {
        Trouble("The demo needs \(name).", why: "It is not on the PATH.", fix: "apt-get install openssl dash coreutils")
    }
}
