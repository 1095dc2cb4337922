import Foundation

/// Where files of an agency are.
extension Agency {
    static let usualRoute = "strategy-meeting"

    func outbox(_ partner: Agency, _ route: String = usualRoute) -> String { "\(folder)/outbox/\(partner.id)/\(route)" }
    func inbox(_ partner: Agency, _ route: String = usualRoute) -> String { "\(folder)/inbox/\(partner.id)/\(route)" }

    /// Files that people may take.
    func received(from partner: Agency, _ route: String = usualRoute) -> [String] {
        Files.visible(in: inbox(partner, route))
    }

    /// Paths of sent files, notes and receipts, of all days.
    func sent(to partner: Agency, _ route: String = usualRoute) -> [String] {
        Files.below("\(folder)/sent/\(partner.id)/\(route)")
    }

    func held(for partner: Agency, _ route: String = usualRoute) -> [String] {
        Files.below("\(folder)/held/\(partner.id)/\(route)")
    }

    /// Whatever is half done: must be nothing in the end.
    var unfinished: [String] {
        let staged = Files.below("\(folder)/inbox").filter { $0.contains("/.staging/") }
        return Files.below("\(folder)/work") + staged
    }

    // MARK: - Dropping

    /// Puts a file into an outbox by a rename, as a careful program does.
    func drop(_ name: String, _ bytes: Data, for partner: Agency, _ route: String = usualRoute) async throws {
        try await awaitOutbox(partner, route)
        let aside = "\(folder)/desk/\(UInt64.random(in: 0...UInt64.max))"
        try bytes.write(to: URL(fileURLWithPath: aside))
        try FileManager.default.moveItem(atPath: aside, toPath: "\(outbox(partner, route))/\(name)")
    }

    /// Writes a file in an outbox as a person's program does: opened there and written.
    func write(_ name: String, _ bytes: Data, for partner: Agency, _ route: String = usualRoute) async throws {
        try await awaitOutbox(partner, route)
        try bytes.write(to: URL(fileURLWithPath: "\(outbox(partner, route))/\(name)"))
    }

    func awaitOutbox(_ partner: Agency, _ route: String = usualRoute) async throws {
        try await Wait.until("\(id) has an outbox for \(partner.id)/\(route)") {
            FileManager.default.fileExists(atPath: outbox(partner, route))
        }
    }
}

/// Looking at folders.
enum Files {
    /// Names in a folder, sorted, without hidden ones.
    static func visible(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Paths of all files below a folder, hidden ones too.
    static func below(_ folder: String) -> [String] {
        let all = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return all.map { "\(folder)/\($0)" }.filter { path in
            let kind = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
            return kind != nil && kind != .typeDirectory
        }.sorted()
    }

    static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    /// Bytes that nobody has seen before.
    static func random(_ count: Int) throws -> Data {
        let source = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/urandom"))
        defer { try? source.close() }
        return try source.read(upToCount: count) ?? Data()
    }
}
