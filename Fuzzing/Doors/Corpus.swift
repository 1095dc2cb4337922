import Foundation

/// The inputs that are kept: `Fuzzing/corpus/DOOR/`. Some by the real writers, some that a fuzzer found to reach further, and
/// whatever once broke something.
package enum Corpus {
    package static func inputs(of door: Door) throws -> [(name: String, bytes: [UInt8])] {
        let folder = folder(of: door)
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            (name, [UInt8](try Data(contentsOf: URL(filePath: folder + "/" + name))))
        }
    }

    package static func folder(of door: Door) -> String {
        let here = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return here.appending(path: "corpus/\(door.name)").path
    }
}
