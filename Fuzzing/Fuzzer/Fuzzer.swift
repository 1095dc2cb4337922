import Doors
import Foundation

/// `Fuzzer DOOR [libFuzzer's arguments]` enters one door again and again; `Fuzzer seeds FOLDER` writes what a corpus begins
/// with; `Fuzzer doors` lists them, each with the bytes of its longest input and its share of a thousand executions.
@main
enum Fuzzer {
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        switch words.first {
        case "doors": for door in Door.all { print(door.name, door.longest, door.share) }
        case "seeds": try writeSeeds(to: words.dropFirst().first ?? ".")
        default:
            guard Room.door != nil else { fatalError("usage: Fuzzer doors | seeds FOLDER | DOOR [ARGUMENT]...") }
            enter()
        }
    }

    private static func writeSeeds(to folder: String) throws {
        for (name, inputs) in try Seeds.make() {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            for (place, input) in inputs.enumerated() {
                try Data(input).write(to: URL(filePath: "\(folder)/\(name)/seed-\(place)"))
            }
        }
    }

    /// libFuzzer calls itself when it merges: there the door's name is in the environment alone.
    private static func enter() -> Never {
        var (count, words) = (CommandLine.argc, unsafe CommandLine.unsafeArgv)
        if unsafe getenv(Room.variable) == nil, let door = Room.door {
            unsafe setenv(Room.variable, door.name, 1)
            count -= 1
            unsafe words += 1
            unsafe words[0] = unsafe CommandLine.unsafeArgv[0]
        }
        exit(unsafe runDriver(&count, &words, enterOnce))
    }
}

/// libFuzzer calls a function of C, which has no place for a door.
enum Room {
    static let variable = "WAYBILL_DOOR"
    static let door: Door? = {
        let named = ProcessInfo.processInfo.environment[variable] ?? CommandLine.arguments.dropFirst().first
        return Door.all.first { $0.name == named }
    }()
}

/// The name that libFuzzer's own `main` asks for, too.
@_cdecl("LLVMFuzzerTestOneInput")
func enterOnce(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    do { try Room.door?.enter(input) } catch {
        try? FileHandle.standardError.write(contentsOf: Data("BROKEN: \(error)\n".utf8))
        abort()
    }
    return 0
}

private typealias Words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>, _ words: UnsafeMutablePointer<Words>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
