import Foundation

/// The program under test: `$WAYBILL_BINARY`, else `waybill` beside the test bundle.
enum Binary {
    static let path: String = {
        if let named = ProcessInfo.processInfo.environment["WAYBILL_BINARY"] { return named }
        // Some runners start the bundle itself, others a helper that is told of it: both are in the build folder.
        let places = [CommandLine.arguments.first ?? ""] + Bundle.allBundles.map(\.bundlePath)
        let folders = places.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        let beside = folders.map { $0.appendingPathComponent("waybill").path }
        return beside.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "\(sources).build/debug/waybill"
    }()

    /// The package's own folder, with a slash at the end.
    static let sources: String = {
        let here = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        return (0..<4).reduce(here) { path, _ in path.deletingLastPathComponent() }.path + "/"
    }()
}
